// SPDX-License-Identifier: MIT
#include "hw/avformat/annex_b.h"

#include <string>

#include <gtest/gtest.h>

namespace millrace::avformat {
namespace {

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::vector<size_t> sizes_of_units(const std::string& stream) {
  std::vector<size_t> sizes;
  NalScanner scanner(bytes(stream));
  while (const auto unit = scanner.next()) sizes.push_back(unit->size());
  return sizes;
}

const std::string sps("\0\0\0\1\x67\x64\x01", 7);
const std::string pps("\0\0\1\x68\xee\0", 6);
const std::string idr("\0\0\1\x65\x88\x84", 6);

TEST(AnnexB, walks_over_units_behind_both_start_codes) {
  EXPECT_EQ(sizes_of_units(sps + pps + idr), (std::vector<size_t>{3, 2, 3}));
}

TEST(AnnexB, finds_nothing_in_bytes_without_a_start_code) {
  EXPECT_TRUE(sizes_of_units("").empty());
  EXPECT_TRUE(sizes_of_units("abc").empty());
  EXPECT_TRUE(sizes_of_units(std::string("\0\0", 2)).empty());
  EXPECT_TRUE(sizes_of_units(std::string("\0\0\1", 3)).empty());
  EXPECT_TRUE(sizes_of_units(std::string("\0\0\1\0\0\1\0", 7)).empty());
}

TEST(AnnexB, collects_the_parameter_sets_behind_long_start_codes) {
  const std::vector<uint8_t> sets = parameter_sets(bytes(sps + pps + idr));

  EXPECT_EQ(sets, (std::vector<uint8_t>{0, 0, 0, 1, 0x67, 0x64, 1, 0, 0, 0, 1, 0x68, 0xee}));
}

TEST(AnnexB, has_no_parameter_sets_when_one_is_missing) {
  EXPECT_TRUE(parameter_sets(bytes(sps + idr)).empty());
  EXPECT_TRUE(parameter_sets(bytes(pps + idr)).empty());
}

}  // namespace
}  // namespace millrace::avformat
