// SPDX-License-Identifier: MIT
// The reference's numbered cases about alignment, with its values.
#include <gtest/gtest.h>

#include "tests/engine/format/printed_layout.h"

namespace millrace::testing {
namespace {

constexpr InterlaceMode alternate = InterlaceMode::alternate;

TEST(VideoAlignment, case_169_nv16_1080p_bottom_8) {
  EXPECT_EQ(info_of(PixelFormat::nv16, 1920, 1080).layout.size, 4147200U);

  const Layout layout = aligned(PixelFormat::nv16, 1920, 1080, {.bottom = 8}).info.layout;

  EXPECT_EQ(layout.size, 4177920U);
  EXPECT_EQ(printed_planes(layout), "2088960x1088,2088960x1088");
}

TEST(VideoAlignment, case_170_rgb_1080p_bottom_8) {
  const Layout layout = info_of(PixelFormat::rgb, 1920, 1080).layout;
  EXPECT_EQ(printed(layout), "strides 5760 offsets 0 size 6220800");

  EXPECT_EQ(aligned(PixelFormat::rgb, 1920, 1080, {.bottom = 8}).info.layout.size, 6266880U);
}

TEST(VideoAlignment, case_172_nv16_alternate_1080_bottom_8) {
  const Layout field = info_of(PixelFormat::nv16, 1920, 1080, alternate).layout;
  EXPECT_EQ(field.size, 2073600U);
  EXPECT_EQ(field.coded_height, 540U);

  const Layout layout =
      aligned(PixelFormat::nv16, 1920, 1080, {.bottom = 8}, alternate).info.layout;

  EXPECT_EQ(layout.size, 2088960U);
  EXPECT_EQ(printed_planes(layout), "1044480x544,1044480x544");
}

TEST(VideoAlignment, case_173_nv16_alternate_1081_bottom_2) {
  const Layout field = info_of(PixelFormat::nv16, 1920, 1081, alternate).layout;
  EXPECT_EQ(field.size, 2077440U);
  EXPECT_EQ(field.coded_height, 541U);

  const Layout layout =
      aligned(PixelFormat::nv16, 1920, 1081, {.bottom = 2}, alternate).info.layout;

  EXPECT_EQ(layout.size, 2081280U);
  EXPECT_EQ(printed_planes(layout), "1040640x542,1040640x542");
}

TEST(VideoAlignment, case_175_nv12_1080p_top_2_bottom_6) {
  const Layout layout = aligned(PixelFormat::nv12, 1920, 1080, {.top = 2, .bottom = 6}).info.layout;

  EXPECT_EQ(printed(layout), "strides 1920,1920 offsets 3840,2090880 size 3133440");
  EXPECT_EQ(printed_planes(layout), "2088960x1088,1044480x544");
}

// W17: strides, offsets and room are compared, not strides alone. Nothing is kept, for nothing is
// set: who asks hands over values.
TEST(VideoAlignment, case_176_a_layout_without_room_on_the_right_is_refused) {
  const VideoInfo info = info_of(PixelFormat::nv12, 1920, 1080);

  const Result<> checked = check_alignment(info, {.right = 2});

  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().what.find("1920x1080 pixels, 1922x1080 are wanted"), std::string::npos)
      << checked.error().what;
  EXPECT_TRUE(check_alignment(info, {}));
}

TEST(VideoAlignment, case_182_yuyv_1366x768_mask_63) {
  const AlignedVideo result = aligned(PixelFormat::yuyv, 1366, 768, stride_mask(63));

  EXPECT_EQ(printed(result.info.layout), "strides 2752 offsets 0 size 2113536");
  EXPECT_EQ(result.alignment.right, 10U);
}

TEST(VideoAlignment, case_184_i420_1080p_masks_255_127_127) {
  const AlignedVideo result =
      aligned(PixelFormat::i420, 1920, 1080, {.stride_align = {256, 128, 128}});

  EXPECT_EQ(printed(result.info.layout),
            "strides 2048,1024,1024 offsets 0,2211840,2764800 size 3317760");
  EXPECT_EQ(result.alignment.right, 128U);
}

TEST(VideoAlignment, case_185_nv12_1080p_mask_255) {
  const AlignedVideo result = aligned(PixelFormat::nv12, 1920, 1080, stride_mask(255));

  EXPECT_EQ(printed(result.info.layout), "strides 2048,2048 offsets 0,2211840 size 3317760");
  EXPECT_EQ(result.alignment.right, 128U);
}

TEST(VideoAlignment, case_187_p010_1366x768_mask_63) {
  const AlignedVideo result = aligned(PixelFormat::p010, 1366, 768, stride_mask(63));

  EXPECT_EQ(printed(result.info.layout), "strides 2752,2752 offsets 0,2113536 size 3170304");
  EXPECT_EQ(result.alignment.right, 10U);
}

TEST(VideoAlignment, case_188_nv12_320x240_padding_16_on_all_sides_mask_15) {
  const VideoAlignment wanted = stride_mask(15, {.top = 16, .bottom = 16, .left = 16, .right = 16});

  const AlignedVideo result = aligned(PixelFormat::nv12, 320, 240, wanted);

  EXPECT_EQ(printed(result.info.layout), "strides 352,352 offsets 5648,98576 size 143616");
  EXPECT_EQ(result.alignment, wanted);
}

TEST(VideoAlignment, case_190_left_3_mask_15_is_raised_to_an_aligned_byte) {
  const AlignedVideo bgra = aligned(PixelFormat::bgra, 320, 240, stride_mask(15, {.left = 3}));
  EXPECT_EQ(bgra.alignment.left, 4U);
  EXPECT_EQ(printed(bgra.info.layout), "strides 1296 offsets 16 size 311040");

  const AlignedVideo yuyv = aligned(PixelFormat::yuyv, 320, 240, stride_mask(15, {.left = 3}));
  EXPECT_EQ(yuyv.alignment.left, 8U);
  EXPECT_EQ(printed(yuyv.info.layout), "strides 656 offsets 16 size 157440");
}

TEST(VideoAlignment, case_191_nv12_176x144_mask_127) {
  const AlignedVideo result = aligned(PixelFormat::nv12, 176, 144, stride_mask(127));

  EXPECT_EQ(printed(result.info.layout), "strides 256,256 offsets 0,36864 size 55296");
  EXPECT_EQ(result.alignment.right, 80U);
}

// NEW RULE, W13: each plane has the least stride; the reference says 12288 and fails for v210.
TEST(VideoAlignment, case_194_strides_are_the_least_multiple) {
  EXPECT_EQ(aligned(PixelFormat::rgb, 320, 240, stride_mask(4095)).info.layout.plane[0].stride,
            4096U);
  EXPECT_EQ(aligned(PixelFormat::v210, 320, 240, stride_mask(4095)).info.layout.plane[0].stride,
            4096U);
}

TEST(VideoAlignment, case_196_i420_320x240_takes_more_than_100_bytes) {
  EXPECT_EQ(info_of(PixelFormat::i420, 320, 240).layout.size, 115200U);
}

// W13: the reference makes strides follow from one width. That is what V4L2 wants of planes in one
// block, so it can be asked for; without it plane 0 has no reason to be longer than 320.
TEST(VideoAlignment, case_197_i420_320x240_bottom_8_mask_63) {
  VideoAlignment wanted = stride_mask(63, {.bottom = 8});
  const AlignedVideo least = aligned(PixelFormat::i420, 320, 240, wanted);
  EXPECT_EQ(printed(least.info.layout), "strides 320,192,192 offsets 0,79360,103168 size 126976");

  wanted.strides_derived = true;
  const AlignedVideo derived = aligned(PixelFormat::i420, 320, 240, wanted);

  EXPECT_EQ(printed(derived.info.layout), "strides 384,192,192 offsets 0,95232,119040 size 142848");
  EXPECT_EQ(printed_planes(derived.info.layout), "95232x248,23808x124,23808x124");
  EXPECT_EQ(derived.alignment.right, 64U);
  EXPECT_EQ(derived.alignment.stride_align, wanted.stride_align);

  // The reference raises the masks of all planes to that of plane 0. Here each is what was asked.
  const VideoAlignment first{.bottom = 8, .stride_align = {64}, .strides_derived = true};
  const AlignedVideo loose = aligned(PixelFormat::i420, 320, 240, first);
  EXPECT_EQ(printed(loose.info.layout), "strides 320,160,160 offsets 0,79360,99200 size 119040");
  EXPECT_EQ(loose.alignment.stride_align, first.stride_align);
}

}  // namespace
}  // namespace millrace::testing
