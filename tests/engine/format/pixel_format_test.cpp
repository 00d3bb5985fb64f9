// SPDX-License-Identifier: MIT
#include "engine/format/pixel_format.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(PixelFormat, every_format_has_one_row_of_facts) {
  std::set<std::string_view> names;
  std::set<uint32_t> codes;
  for (const PixelFormatFacts& row : all_pixel_formats()) {
    EXPECT_EQ(&facts(row.format), &row);
    names.insert(row.name);
    codes.insert(row.fourcc);
  }
  EXPECT_EQ(names.size(), 6U);
  EXPECT_EQ(codes.size(), 6U);
}

TEST(PixelFormat, is_found_by_name_and_by_alias_in_any_case) {
  EXPECT_EQ(pixel_format_named("NV12"), PixelFormat::nv12);
  EXPECT_EQ(pixel_format_named("nv12"), PixelFormat::nv12);
  EXPECT_EQ(pixel_format_named("yuv420p"), PixelFormat::i420);
  EXPECT_EQ(pixel_format_named("XRGB"), PixelFormat::bgrx);
  EXPECT_EQ(pixel_format_named("YUY2"), PixelFormat::yuyv);
}

TEST(PixelFormat, unknown_and_empty_names_are_none) {
  EXPECT_EQ(pixel_format_named("NV21"), std::nullopt);
  EXPECT_EQ(pixel_format_named(""), std::nullopt);
  EXPECT_EQ(pixel_format_named("NV12 "), std::nullopt);
}

TEST(PixelFormat, has_the_codes_of_the_kernel) {
  // drm_fourcc.h: fourcc_code(a, b, c, d) puts `a` into the lowest byte.
  EXPECT_EQ(facts(PixelFormat::nv12).fourcc, 0x3231564eU);
  EXPECT_EQ(facts(PixelFormat::bgrx).fourcc, 0x34325258U);
  EXPECT_EQ(facts(PixelFormat::p010).fourcc, 0x30313050U);
}

TEST(PixelFormatDeathTest, a_number_that_is_no_format_is_a_broken_promise) {
  EXPECT_DEATH(static_cast<void>(facts(static_cast<PixelFormat>(6))), "broken promise");
}

}  // namespace
}  // namespace millrace
