// SPDX-License-Identifier: MIT
// The reference's numbered cases about layouts without padding, with its values.
#include <gtest/gtest.h>

#include "tests/engine/format/printed_layout.h"

namespace millrace::testing {
namespace {

std::string printed_default(PixelFormat format, uint32_t width, uint32_t height) {
  return printed(info_of(format, width, height).layout);
}

TEST(Layout, case_164_i420_320x240) {
  EXPECT_EQ(printed_default(PixelFormat::i420, 320, 240),
            "strides 320,160,160 offsets 0,76800,96000 size 115200");
}

TEST(Layout, case_166_nv12_321x241_has_a_gap_that_is_no_row_of_luma) {
  const Layout layout = info_of(PixelFormat::nv12, 321, 241).layout;

  EXPECT_EQ(printed(layout), "strides 324,324 offsets 0,78408 size 117612");
  EXPECT_EQ(printed_planes(layout), "78084x241,39204x121");
}

TEST(Layout, case_167_nv12_1920x1080) {
  const Layout layout = info_of(PixelFormat::nv12, 1920, 1080).layout;

  EXPECT_EQ(printed(layout), "strides 1920,1920 offsets 0,2073600 size 3110400");
  EXPECT_EQ(printed_planes(layout), "2073600x1080,1036800x540");
}

// The reference's 1.22 does not round 321 pixels up to whole pairs and says 804.
TEST(Layout, case_178_uyvp_strides_of_whole_pairs) {
  EXPECT_EQ(info_of(PixelFormat::uyvp, 320, 240).layout.plane[0].stride, 800U);
  EXPECT_EQ(info_of(PixelFormat::uyvp, 321, 240).layout.plane[0].stride, 808U);
  EXPECT_EQ(info_of(PixelFormat::uyvp, 319, 240).layout.plane[0].stride, 800U);
}

TEST(Layout, case_179_strides_follow_from_that_of_plane_0) {
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    const Layout layout = info_of(format.format, 320, 240).layout;
    for (size_t index = 0; index < layout.plane_count(); ++index) {
      EXPECT_EQ(stride_like_first(format.format, index, layout.plane[0].stride),
                layout.plane[index].stride)
          << format.name << " plane " << index;
    }
  }
}

TEST(Layout, case_181_rgba_29700x21000_exceeds_31_bits) {
  EXPECT_EQ(info_of(PixelFormat::rgba, 29700, 21000).layout.size, 2494800000U);
}

TEST(Layout, case_193_v210_rows_of_48_pixels_in_128_bytes) {
  EXPECT_EQ(printed_default(PixelFormat::v210, 1920, 1080), "strides 5120 offsets 0 size 5529600");
  EXPECT_EQ(info_of(PixelFormat::v210, 1366, 768).layout.plane[0].stride, 3712U);
}

TEST(DefaultLayout, of_an_interlaced_picture_has_chroma_rows_for_each_field) {
  const Layout layout = info_of(PixelFormat::nv12, 320, 242, InterlaceMode::interleaved).layout;

  EXPECT_EQ(printed(layout), "strides 320,320 offsets 0,77440 size 116480");
  EXPECT_EQ(layout.plane[1].rows, 121U);
}

// W16: the reference forgets the interlaced rounding for formats of more than 8 bits.
TEST(DefaultLayout, of_p010_is_that_of_nv12_in_two_bytes) {
  EXPECT_EQ(info_of(PixelFormat::p010, 320, 242, InterlaceMode::interleaved).layout.size,
            2U * 116480);
}

// W16: the reference says 2073600 and 1036800, the planes of the whole frame.
TEST(DefaultLayout, of_an_alternating_field_has_planes_of_half_the_rows) {
  const Layout layout = info_of(PixelFormat::nv12, 1920, 1080, InterlaceMode::alternate).layout;

  EXPECT_EQ(printed_planes(layout), "1036800x540,518400x270");
}

// W16: the reference says 0 rows of a tiled plane.
TEST(WholePlane, of_tiles_has_whole_tiles) {
  Layout layout = info_of(PixelFormat::nv12, 320, 240).layout;
  layout.modifier = static_cast<Modifier>(0x0900000000000001ULL);  // 64x32 tiles of a Samsung codec
  layout.plane[0] = {0, 320, 256};
  layout.plane[1] = {320 * 256, 320, 128};
  layout.size = 320 * 384;

  EXPECT_EQ(printed_planes(layout), "81920x256,40960x128");
  EXPECT_FALSE(layout.is_linear());
}

TEST(WholePlane, refuses_padding_that_does_not_lie_before_it_and_sums_that_wrap) {
  Layout layout = info_of(PixelFormat::nv12, 320, 240).layout;
  layout.top = 2;
  EXPECT_FALSE(whole_plane(layout, 0));
  layout.plane[0].offset = UINT64_MAX - 10;
  EXPECT_FALSE(whole_plane(layout, 0));
  EXPECT_TRUE(whole_plane(layout, 1));
}

TEST(DefaultLayout, refuses_the_sizes_that_a_tight_one_refuses) {
  EXPECT_FALSE(default_layout(PixelFormat::nv12, 0, 10));
  EXPECT_FALSE(default_layout(PixelFormat::nv12, 10, 65536));
  EXPECT_TRUE(default_layout(PixelFormat::v210, 65535, 65535));
}

}  // namespace
}  // namespace millrace::testing
