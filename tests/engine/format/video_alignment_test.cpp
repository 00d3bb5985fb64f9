// SPDX-License-Identifier: MIT
#include "engine/format/video_alignment.h"

#include <gtest/gtest.h>

#include "tests/engine/format/printed_layout.h"

namespace millrace::testing {
namespace {

// W14: the reference moves luma by 3 pixels and chroma by 4.
TEST(Align, moves_chroma_with_luma_and_says_by_how_much) {
  const AlignedVideo result = aligned(PixelFormat::i420, 320, 240, {.top = 1, .left = 3});

  EXPECT_EQ(result.alignment.left, 4U);
  EXPECT_EQ(result.alignment.top, 2U);
  EXPECT_EQ(printed(result.info.layout), "strides 324,164,164 offsets 652,78574,98418 size 118096");
}

// W14: the reference pads a packed row without moving the picture.
TEST(Align, pads_packed_rows_by_whole_groups) {
  const AlignedVideo result = aligned(PixelFormat::v210, 320, 240, {.left = 1});

  EXPECT_EQ(result.alignment.left, 48U);
  EXPECT_EQ(result.info.layout.plane[0].offset, 128U);
}

// W16: the reference moves the picture by all rows of the frame, out of the plane's end.
TEST(Align, gives_an_alternating_field_half_of_the_rows_above) {
  const AlignedVideo result =
      aligned(PixelFormat::nv16, 1920, 1080, {.top = 8}, InterlaceMode::alternate);

  EXPECT_EQ(result.info.layout.top, 4U);
  EXPECT_EQ(result.alignment.top, 8U);
  EXPECT_EQ(result.info.layout.plane[0].offset, 4U * 1920);
  EXPECT_TRUE(check_layout(result.info.layout, 1920, 540, result.info.layout.size));
}

TEST(Align, puts_first_samples_at_aligned_bytes_behind_the_padding) {
  VideoAlignment wanted{.top = 2, .left = 2};
  wanted.plane_align.fill(4096);

  const Layout layout = aligned(PixelFormat::i420, 322, 242, wanted).info.layout;

  for (const PlaneLayout& plane : layout.planes()) EXPECT_EQ(plane.offset % 4096, 0U);
  EXPECT_TRUE(check_layout(layout, 322, 242, layout.size));
  EXPECT_TRUE(whole_plane(layout, 0));
}

TEST(Align, derives_strides_that_are_aligned_in_every_plane_and_hold_the_same_pixels) {
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    VideoAlignment wanted = stride_mask(63, {.left = 5});
    wanted.strides_derived = true;
    const VideoInfo info = aligned(format.format, 331, 241, wanted).info;
    const Layout& layout = info.layout;
    for (size_t index = 0; index < layout.plane_count(); ++index) {
      EXPECT_EQ(layout.plane[index].stride % 64, 0U) << format.name;
      EXPECT_EQ(layout.plane[index].stride,
                stride_like_first(format.format, index, layout.plane[0].stride))
          << format.name;
    }
    EXPECT_TRUE(check_alignment(info, wanted)) << format.name;
  }
}

TEST(Align, twice_with_what_came_of_it_changes_nothing) {
  const AlignedVideo once =
      aligned(PixelFormat::nv12, 317, 241, stride_mask(63, {.top = 1, .left = 5, .right = 3}));

  const Result<AlignedVideo> again = align(once.info, once.alignment);

  ASSERT_TRUE(again);
  EXPECT_EQ(again->info, once.info);
  EXPECT_EQ(again->alignment, once.alignment);
}

TEST(Align, twice_with_rows_longer_than_a_picture_may_be_changes_nothing) {
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    VideoAlignment wanted{.stride_align = {131072, 131072, 131072}};
    for (const bool derived : {false, true}) {
      wanted.strides_derived = derived;
      const AlignedVideo once = aligned(format.format, 320, 240, wanted);

      const Result<AlignedVideo> again = align(once.info, once.alignment);

      ASSERT_TRUE(again) << format.name << ": " << again.error().what;
      EXPECT_EQ(again->info, once.info) << format.name;
      EXPECT_EQ(again->alignment, once.alignment) << format.name;
    }
  }
}

TEST(Align, refuses_what_is_no_power_of_two_with_one_that_is) {
  const Result<AlignedVideo> result =
      align(info_of(PixelFormat::nv12, 320, 240), {.stride_align = {96}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  EXPECT_EQ(result.error().remedy, "ask for 64");
}

TEST(Align, refuses_what_exceeds_a_picture_or_a_word) {
  const VideoInfo info = info_of(PixelFormat::i420, 320, 240);
  constexpr uint64_t huge = uint64_t{1} << 63;
  const VideoAlignment too_much[] = {{.top = UINT32_MAX},
                                     {.bottom = UINT32_MAX},
                                     {.left = UINT32_MAX},
                                     {.right = UINT32_MAX},
                                     {.right = 65536 - 320},
                                     {.stride_align = {huge}},
                                     {.left = 1, .stride_align = {huge}},
                                     {.left = 1, .stride_align = {1, 65536}},
                                     {.plane_align = {1, huge, huge}}};
  for (const VideoAlignment& wanted : too_much) {
    const Result<AlignedVideo> result = align(info, wanted);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::usage);
    EXPECT_FALSE(result.error().what.empty());
  }
}

TEST(CheckAlignment, takes_what_align_made) {
  const VideoAlignment wanted = stride_mask(63, {.top = 3, .bottom = 5, .left = 7, .right = 9});
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    for (const InterlaceMode interlace : {InterlaceMode::progressive, InterlaceMode::alternate}) {
      const VideoInfo info = aligned(format.format, 321, 241, wanted, interlace).info;
      const Result<> checked = check_alignment(info, wanted);
      EXPECT_TRUE(checked) << format.name << ": " << checked.error().what;
    }
  }
}

// W17: the reference compares strides alone, and takes these.
TEST(CheckAlignment, refuses_offsets_that_disagree_with_the_padding) {
  const VideoAlignment wanted = stride_mask(63, {.top = 4, .left = 64});
  const VideoInfo good = aligned(PixelFormat::nv12, 320, 240, wanted).info;
  VideoInfo early = good;
  early.layout.plane[0].offset = 64;
  VideoInfo shared = good;
  shared.layout.plane[1].offset -= 64;
  VideoInfo low = good;
  low.layout.top = 2;

  EXPECT_FALSE(check_alignment(early, wanted));
  EXPECT_FALSE(check_alignment(shared, wanted));
  EXPECT_FALSE(check_alignment(low, wanted));
}

// The order of planes is the maker's: YV12 stores V before U, and some devices chroma first.
TEST(CheckAlignment, takes_planes_in_any_order_that_share_no_byte) {
  VideoInfo info = info_of(PixelFormat::nv12, 320, 240);
  const uint64_t chroma_bytes = info.layout.plane[1].bytes();
  info.layout.plane[1].offset = 0;
  info.layout.plane[0].offset = chroma_bytes;
  VideoInfo shared = info;
  shared.layout.plane[0].offset = chroma_bytes - 1;

  EXPECT_TRUE(check_alignment(info, {}));
  EXPECT_FALSE(check_alignment(shared, {}));
}

TEST(CheckAlignment, refuses_strides_starts_and_rows_that_are_not_enough) {
  const VideoInfo info = info_of(PixelFormat::nv12, 320, 240);

  EXPECT_TRUE(check_alignment(info, stride_mask(63)));
  EXPECT_FALSE(check_alignment(info, stride_mask(255)));
  EXPECT_FALSE(check_alignment(info, {.plane_align = {1, 65536}}));
  EXPECT_FALSE(check_alignment(info, {.bottom = 2}));
  EXPECT_FALSE(check_alignment(aligned(PixelFormat::i420, 320, 240, stride_mask(63)).info,
                               {.strides_derived = true}));
}

}  // namespace
}  // namespace millrace::testing
