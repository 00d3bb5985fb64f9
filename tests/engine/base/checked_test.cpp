// SPDX-License-Identifier: MIT
#include "engine/base/checked.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace millrace {
namespace {

constexpr uint64_t most = std::numeric_limits<uint64_t>::max();

TEST(Checked, adds_up_to_the_largest_number_and_not_beyond) {
  EXPECT_EQ(checked_add<uint64_t>(most - 1, 1), most);
  EXPECT_EQ(checked_add<uint64_t>(most, 1), std::nullopt);
}

TEST(Checked, adds_negative_numbers_down_to_the_smallest) {
  constexpr int64_t least = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(checked_add<int64_t>(least + 1, -1), least);
  EXPECT_EQ(checked_add<int64_t>(least, -1), std::nullopt);
}

TEST(Checked, multiplies_until_the_product_would_wrap) {
  EXPECT_EQ(checked_mul<uint64_t>(uint64_t{1} << 32, (uint64_t{1} << 32) - 1),
            most - (uint64_t{1} << 32) + 1);
  EXPECT_EQ(checked_mul<uint64_t>(uint64_t{1} << 32, uint64_t{1} << 32), std::nullopt);
}

TEST(Checked, rounds_up_to_steps_that_are_no_power_of_two) {
  EXPECT_EQ(checked_round_up<uint64_t>(1366, 192), 1536U);
  EXPECT_EQ(checked_round_up<uint64_t>(1536, 192), 1536U);
  EXPECT_EQ(checked_round_up<uint64_t>(0, 192), 0U);
}

TEST(Checked, says_so_when_the_next_step_is_out_of_reach) {
  EXPECT_EQ(checked_round_up<uint64_t>(most - 3, 16), std::nullopt);
}

TEST(Checked, least_common_multiple_of_alignments) {
  EXPECT_EQ(checked_lcm<uint64_t>(64, 256), 256U);
  EXPECT_EQ(checked_lcm<uint64_t>(64, 96), 192U);
  EXPECT_EQ(checked_lcm<uint64_t>(most, most - 1), std::nullopt);
}

}  // namespace
}  // namespace millrace
