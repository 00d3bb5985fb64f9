// SPDX-License-Identifier: MIT
#include "hw/softva/nal.h"

#include <gtest/gtest.h>

namespace millrace::softva {
namespace {

using Bytes = std::vector<uint8_t>;

TEST(Nal, units_are_found_with_short_and_long_start_codes) {
  const Bytes stream = {0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 3};

  const std::vector<NalSpan> nals = find_nals(stream);

  ASSERT_EQ(nals.size(), 3U);
  EXPECT_EQ(nals[0].begin, 0U);
  EXPECT_EQ(nals[0].header, 4U);
  EXPECT_EQ(nals[0].end, 6U);
  EXPECT_EQ(nals[1].begin, 6U);
  EXPECT_EQ(nals[2].begin, 11U);
  EXPECT_EQ(nals[2].end, stream.size());
}

TEST(Nal, nothing_is_found_where_there_is_nothing) {
  EXPECT_TRUE(find_nals(Bytes{}).empty());
  EXPECT_TRUE(find_nals(Bytes{0, 0, 1}).empty());
  EXPECT_TRUE(find_nals(Bytes{1, 2, 3, 4, 5}).empty());
}

TEST(Nal, emulation_prevention_can_be_put_in_and_taken_out) {
  const Bytes unit = {0, 0, 1, 6, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 4};
  const Bytes expected = {0, 0, 1, 6, 0, 0, 3, 0, 0, 3, 0, 1, 0, 0, 3, 3, 0, 0, 4};

  const Bytes prevented = with_emulation_prevention(unit);

  EXPECT_EQ(prevented, expected);
  EXPECT_EQ(without_emulation_prevention(std::span(prevented).subspan(4)),
            Bytes(unit.begin() + 4, unit.end()));
}

TEST(Nal, a_delimiter_comes_first_and_other_units_before_the_slices) {
  const Bytes picture = {0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 2};
  const Bytes sei = {0, 0, 1, 6, 9};
  const Bytes delimiter = {0, 0, 1, 9, 0x10};

  EXPECT_EQ(splice(picture, {sei, delimiter}), (Bytes{0, 0, 1, 9, 0x10, 0, 0, 1, 0x67, 1,  //
                                                      0, 0, 1, 6, 9,    0, 0, 1, 0x65, 2}));
}

}  // namespace
}  // namespace millrace::softva
