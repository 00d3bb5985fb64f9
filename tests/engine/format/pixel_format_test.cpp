// SPDX-License-Identifier: MIT
#include "engine/format/pixel_format.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(PixelFormat, every_format_has_one_row_of_facts) {
  std::set<std::string_view> names;
  for (const PixelFormatFacts& row : all_pixel_formats()) {
    EXPECT_EQ(&facts(row.format), &row);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    if (!row.alias.empty()) {
      EXPECT_TRUE(names.insert(row.alias).second) << row.alias;
    }
  }
  EXPECT_EQ(all_pixel_formats().size(), pixel_format_count);
}

TEST(PixelFormat, every_code_belongs_to_one_format) {
  std::set<uint32_t> drm;
  std::set<uint32_t> v4l2;
  for (const PixelFormatFacts& row : all_pixel_formats()) {
    if (row.fourcc != 0) {
      EXPECT_TRUE(drm.insert(row.fourcc).second) << row.name;
    }
    if (row.v4l2 != 0) {
      EXPECT_TRUE(v4l2.insert(row.v4l2).second) << row.name;
    }
  }
}

TEST(PixelFormat, is_found_by_name_and_by_alias_in_any_case) {
  for (const PixelFormatFacts& row : all_pixel_formats()) {
    EXPECT_EQ(pixel_format_named(row.name), row.format);
    if (!row.alias.empty()) {
      EXPECT_EQ(pixel_format_named(row.alias), row.format);
    }
  }
  EXPECT_EQ(pixel_format_named("nv12"), PixelFormat::nv12);
  EXPECT_EQ(pixel_format_named("yuv420p"), PixelFormat::i420);
  EXPECT_EQ(pixel_format_named("yuy2"), PixelFormat::yuyv);
}

TEST(PixelFormat, has_names_in_the_order_of_bytes_and_drms_words_as_aliases) {
  EXPECT_EQ(pixel_format_named("XRGB"), PixelFormat::xrgb);
  EXPECT_EQ(pixel_format_named("XRGB8888"), PixelFormat::bgrx);
  EXPECT_EQ(pixel_format_named("BGRX8888"), PixelFormat::xrgb);
}

TEST(PixelFormat, unknown_and_empty_names_are_none) {
  EXPECT_EQ(pixel_format_named("NV99"), std::nullopt);
  EXPECT_EQ(pixel_format_named(""), std::nullopt);
  EXPECT_EQ(pixel_format_named("NV12 "), std::nullopt);
}

TEST(PixelFormat, has_the_codes_of_the_kernel) {
  // drm_fourcc.h: fourcc_code(a, b, c, d) puts `a` into the lowest byte.
  EXPECT_EQ(facts(PixelFormat::nv12).fourcc, 0x3231564eU);
  EXPECT_EQ(facts(PixelFormat::bgrx).fourcc, 0x34325258U);
  EXPECT_EQ(facts(PixelFormat::p010).fourcc, 0x30313050U);
}

/// Whole groups, and planes that are subsampled by what the width and height must be even to.
TEST(PixelFormat, has_groups_that_agree_with_its_subsampling) {
  for (const PixelFormatFacts& row : all_pixel_formats()) {
    for (size_t index = 0; index < max_planes; ++index) {
      const PlaneFacts& plane = row.planes[index];
      EXPECT_EQ(plane.group_bytes != 0, index < row.plane_count) << row.name;
      EXPECT_GE(plane.group_width, 1) << row.name;
      EXPECT_EQ(row.even_height % plane.group_height, 0) << row.name;
      if (row.plane_count > 1) {
        EXPECT_EQ(row.even_width % plane.group_width, 0) << row.name;
      }
    }
  }
}

TEST(PixelFormatDeathTest, a_number_that_is_no_format_is_a_broken_promise) {
  EXPECT_DEATH(static_cast<void>(facts(static_cast<PixelFormat>(pixel_format_count))),
               "broken promise");
}

}  // namespace
}  // namespace millrace
