// SPDX-License-Identifier: MIT
#include "hw/x11/damage.h"

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

TEST(Damage, falls_between_two_requests_from_the_end_of_the_first_to_that_of_the_second) {
  EXPECT_FALSE(falls_between(99, 100, 104));
  EXPECT_TRUE(falls_between(100, 100, 104)) << "the first was carried out last";
  EXPECT_TRUE(falls_between(103, 100, 104));
  EXPECT_FALSE(falls_between(104, 100, 104)) << "the second has been carried out";
  EXPECT_FALSE(falls_between(4000, 100, 104));
}

TEST(Damage, falls_between_two_requests_whose_numbers_wrap) {
  const uint32_t first = 0xfffffffe;
  EXPECT_FALSE(falls_between(0xfffffffd, first, 2));
  EXPECT_TRUE(falls_between(0xfffffffe, first, 2));
  EXPECT_TRUE(falls_between(0xffffffff, first, 2));
  EXPECT_TRUE(falls_between(0, first, 2));
  EXPECT_TRUE(falls_between(1, first, 2));
  EXPECT_FALSE(falls_between(2, first, 2));
}

TEST(Damage, falls_between_nothing_before_the_first_read_out) {
  EXPECT_FALSE(falls_between(0, 0, 0));
  EXPECT_FALSE(falls_between(17, 0, 0));
}

}  // namespace
}  // namespace millrace::x11
