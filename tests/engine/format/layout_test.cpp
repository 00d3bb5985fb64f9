// SPDX-License-Identifier: MIT
#include "engine/format/layout.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace millrace {
namespace {

Layout tight(PixelFormat format, uint32_t width, uint32_t height) {
  Result<Layout> layout = tight_layout(format, width, height);
  EXPECT_TRUE(layout.has_value());
  return layout ? *layout : Layout{};
}

TEST(TightLayout, of_nv12_puts_colour_pairs_behind_luma) {
  const Layout layout = tight(PixelFormat::nv12, 1920, 1080);
  EXPECT_EQ(layout.plane[0], (PlaneLayout{0, 1920, 1080}));
  EXPECT_EQ(layout.plane[1], (PlaneLayout{1920 * 1080, 1920, 540}));
  EXPECT_EQ(layout.size, 1920U * 1080 * 3 / 2);
}

TEST(TightLayout, of_i420_has_three_planes) {
  const Layout layout = tight(PixelFormat::i420, 64, 32);
  ASSERT_EQ(layout.planes().size(), 3U);
  EXPECT_EQ(layout.plane[1], (PlaneLayout{2048, 32, 16}));
  EXPECT_EQ(layout.plane[2], (PlaneLayout{2560, 32, 16}));
}

TEST(TightLayout, of_packed_formats_has_one_plane) {
  EXPECT_EQ(tight(PixelFormat::yuyv, 64, 32).plane[0], (PlaneLayout{0, 128, 32}));
  EXPECT_EQ(tight(PixelFormat::bgrx, 63, 31).plane[0], (PlaneLayout{0, 252, 31}));
}

TEST(TightLayout, of_p010_takes_two_bytes_a_sample) {
  const Layout layout = tight(PixelFormat::p010, 64, 32);
  EXPECT_EQ(layout.plane[0], (PlaneLayout{0, 128, 32}));
  EXPECT_EQ(layout.plane[1], (PlaneLayout{4096, 128, 16}));
}

TEST(TightLayout, rounds_odd_sizes_up_to_whole_samples) {
  const Layout layout = tight(PixelFormat::nv12, 321, 181);
  EXPECT_EQ(layout.plane[1], (PlaneLayout{321 * 181, 322, 91}));
}

TEST(TightLayout, refuses_sizes_that_cannot_be_and_names_them) {
  for (const auto& [width, height] : {std::pair{0U, 10U}, {10U, 0U}, {65536U, 2U}, {2U, 100000U}}) {
    const Result<Layout> layout = tight_layout(PixelFormat::nv12, width, height);
    ASSERT_FALSE(layout.has_value());
    EXPECT_EQ(layout.error().kind, ErrorKind::usage);
    const std::string size = std::to_string(width) + "x" + std::to_string(height);
    EXPECT_NE(layout.error().what.find(size), std::string::npos);
  }
}

TEST(TightLayout, of_the_largest_size_does_not_wrap) {
  EXPECT_EQ(tight(PixelFormat::rgba, 65535, 65535).size, uint64_t{65535} * 65535 * 4);
}

TEST(PayloadBytes, counts_the_visible_samples_of_every_format) {
  EXPECT_EQ(payload_bytes(PixelFormat::nv12, 1366, 768), 1573632U);
  EXPECT_EQ(payload_bytes(PixelFormat::i420, 1366, 768), 1573632U);
  EXPECT_EQ(payload_bytes(PixelFormat::yuyv, 320, 180), 115200U);
  EXPECT_EQ(payload_bytes(PixelFormat::rgba, 320, 180), 230400U);
  EXPECT_EQ(payload_bytes(PixelFormat::p010, 320, 180), 172800U);
}

class CheckLayoutOf : public testing::TestWithParam<int> {
 protected:
  [[nodiscard]] static PixelFormat format() { return static_cast<PixelFormat>(GetParam()); }
};

TEST_P(CheckLayoutOf, accepts_a_tight_layout_in_exactly_its_bytes) {
  const Layout layout = tight(format(), 322, 182);
  EXPECT_TRUE(check_layout(layout, 322, 182, layout.size).has_value());
}

TEST_P(CheckLayoutOf, refuses_one_byte_too_few) {
  const Layout layout = tight(format(), 322, 182);
  EXPECT_FALSE(check_layout(layout, 322, 182, layout.size - 1).has_value());
}

TEST_P(CheckLayoutOf, refuses_a_stride_below_the_row) {
  for (size_t plane = 0; plane < facts(format()).plane_count; ++plane) {
    Layout layout = tight(format(), 322, 182);
    --layout.plane[plane].stride;
    EXPECT_FALSE(check_layout(layout, 322, 182, UINT64_MAX).has_value()) << "plane " << plane;
  }
}

TEST_P(CheckLayoutOf, refuses_numbers_whose_sum_or_product_wraps) {
  for (size_t plane = 0; plane < facts(format()).plane_count; ++plane) {
    Layout far = tight(format(), 322, 182);
    far.plane[plane].offset = UINT64_MAX - 8;
    EXPECT_FALSE(check_layout(far, 322, 182, UINT64_MAX).has_value()) << "plane " << plane;
    Layout wide = tight(format(), 322, 182);
    wide.plane[plane].stride = UINT32_MAX;
    EXPECT_FALSE(check_layout(wide, 322, 182, UINT32_MAX).has_value()) << "plane " << plane;
  }
}

TEST_P(CheckLayoutOf, refuses_a_picture_larger_than_the_layout_has_room_for) {
  const Layout layout = tight(format(), 96, 64);
  EXPECT_FALSE(check_layout(layout, 96, 66, layout.size).has_value());
  EXPECT_FALSE(check_layout(layout, 98, 64, layout.size).has_value());
}

INSTANTIATE_TEST_SUITE_P(Formats, CheckLayoutOf,
                         testing::Range(0, static_cast<int>(pixel_format_count)),
                         [](const auto& one) {
                           return std::string(to_string(static_cast<PixelFormat>(one.param)));
                         });

TEST(CheckLayout, the_last_row_needs_no_padding) {
  Layout layout = tight(PixelFormat::bgrx, 10, 4);
  layout.plane[0].stride = 256;
  EXPECT_TRUE(check_layout(layout, 10, 4, 3 * 256 + 40).has_value());
  EXPECT_FALSE(check_layout(layout, 10, 4, 3 * 256 + 39).has_value());
}

TEST(CheckLayout, names_the_plane_and_its_numbers) {
  Layout layout = tight(PixelFormat::nv12, 64, 64);
  layout.plane[1].offset = 99999;
  const Result<> result = check_layout(layout, 64, 64, layout.size);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().what.find("plane 1 at offset 99999 with stride 64"), std::string::npos);
}

TEST(PayloadBytes, are_all_ones_where_64_bits_cannot_tell) {
  constexpr uint32_t most = UINT32_MAX;
  EXPECT_EQ(payload_bytes(PixelFormat::gray8, most, most), uint64_t{most} * most);
  EXPECT_EQ(payload_bytes(PixelFormat::bgrx, most, most), UINT64_MAX);
  EXPECT_EQ(payload_bytes(PixelFormat::y444, most, most), UINT64_MAX);
}

TEST(VisibleBytes, end_with_the_last_row_or_beyond_what_64_bits_can_tell) {
  EXPECT_EQ(visible_bytes({.row_bytes = 6, .rows = 4}, 32), 3U * 32 + 6);
  EXPECT_EQ(visible_bytes({.row_bytes = 6, .rows = 0}, 32), 0U);
  EXPECT_EQ(visible_bytes(visible_extent(PixelFormat::bgrx, 0, UINT32_MAX, UINT32_MAX), UINT32_MAX),
            std::nullopt);
}

}  // namespace
}  // namespace millrace
