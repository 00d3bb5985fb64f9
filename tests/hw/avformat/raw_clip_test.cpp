// SPDX-License-Identifier: MIT
// Uncompressed files: .nv12 and .y4m.
#include <gtest/gtest.h>

#include "hw/avformat/file_source.h"
#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/stand_in.h"

namespace millrace::avformat::testing {
namespace {

/// `count` bytes that tell one place from another.
std::string pattern(size_t count) {
  std::string bytes(count, '\0');
  for (size_t index = 0; index < count; ++index) {
    bytes[index] = static_cast<char>(index * 31 + index / 251);
  }
  return bytes;
}

std::string joined(const Played& played) {
  std::string all;
  for (const Seen& frame : played.frames) all += frame.pixels;
  return all;
}

PlaySettings nv12_of(const std::string& path, uint32_t width, uint32_t height) {
  return {.source = {.path = path, .raw = VideoFormat{.width = width, .height = height}}};
}

TEST(RawClip, reads_nv12_frames_straight_into_the_pool) {
  const Folder folder;
  const std::string bytes = pattern(size_t{3} * 322 * 182 * 3 / 2);
  write_file(folder / "a.nv12", bytes);

  const Played played = play(nv12_of(folder / "a.nv12", 322, 182));

  EXPECT_EQ(played.frames.size(), 3U);
  EXPECT_TRUE(joined(played) == bytes);
  EXPECT_EQ(played.fills, 3U);
  EXPECT_EQ(played.transforms + played.copies, 0U);
}

TEST(RawClip, leaves_out_the_padding_of_rows) {
  const Folder folder;
  const std::string bytes =
      pattern(size_t{2} * 322 * 520 * 3 / 2);  // more rows than one call takes
  write_file(folder / "a.nv12", bytes);
  PlaySettings settings = nv12_of(folder / "a.nv12", 322, 520);
  settings.stride_align = 512;

  const Played played = play(settings);

  EXPECT_EQ(played.frames.size(), 2U);
  EXPECT_TRUE(joined(played) == bytes);
}

TEST(RawClip, reads_an_odd_size_with_whole_chroma_samples) {
  const Folder folder;
  const std::string bytes = pattern(5 * 3 + 6 * 2);
  write_file(folder / "odd.nv12", bytes);

  const Played played = play(nv12_of(folder / "odd.nv12", 5, 3));

  EXPECT_TRUE(joined(played) == bytes);
}

TEST(RawClip, leaves_out_a_last_frame_that_is_not_whole) {
  const Folder folder;
  write_file(folder / "a.nv12", pattern(64 * 64 * 3 / 2 * 2 + 1000));

  EXPECT_EQ(play(nv12_of(folder / "a.nv12", 64, 64)).frames.size(), 2U);
}

TEST(RawClip, gives_exact_times_at_a_fractional_rate) {
  const Folder folder;
  write_file(folder / "a.nv12", std::string(16 * 16 * 3 / 2 * 301, 'x'));
  PlaySettings settings = nv12_of(folder / "a.nv12", 16, 16);
  settings.source.raw->frame_rate = {30000, 1001};

  const Played played = play(settings);

  ASSERT_EQ(played.frames.size(), 301U);
  EXPECT_EQ(*played.frames[300].timing.pts, std::chrono::milliseconds(10010));
}

TEST(RawClip, asks_for_the_size_that_a_raw_file_does_not_say) {
  const Folder folder;
  write_file(folder / "a.nv12", "x");

  const auto opened = FileSource::open({.path = folder / "a.nv12"});

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::usage);
  EXPECT_NE(opened.error().remedy.find("--size"), std::string::npos);
}

TEST(RawClip, refuses_sizes_that_nothing_can_have) {
  const Folder folder;
  write_file(folder / "a.nv12", "x");

  for (const uint32_t side : {0U, 100000U, 4294967295U}) {
    const auto opened = FileSource::open(nv12_of(folder / "a.nv12", side, side).source);
    EXPECT_FALSE(opened) << side;
  }
  const auto small = FileSource::open(nv12_of(folder / "a.nv12", 64, 64).source);
  ASSERT_FALSE(small);
  EXPECT_EQ(small.error().kind, ErrorKind::source_lost);
}

TEST(RawClip, reads_y4m_as_ffmpeg_writes_it) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "a.y4m",
      "-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 7 -vf scale=321:179 -pix_fmt yuv420p");

  const Played played = play(clip);

  EXPECT_EQ(played.frames.size(), 7U);
  EXPECT_EQ(played.video.width, 321U);
  EXPECT_EQ(played.video.frame_rate, (Fraction{25, 1}));
  EXPECT_EQ(played.fills, 7U);
  EXPECT_EQ(played.transforms + played.copies, 0U);
  EXPECT_TRUE(joined(played) == decoded_bytes(clip, "yuv420p"));
}

TEST(RawClip, leaves_y4m_of_other_formats_to_the_decoder) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "422.y4m", "-f lavfi -i testsrc2=size=64x64:rate=25 -frames:v 3 -pix_fmt yuv422p");

  const Played played = play(clip);

  EXPECT_EQ(played.frames.size(), 3U);
  EXPECT_EQ(played.transforms, 3U);
}

TEST(RawClip, ends_where_a_y4m_file_is_damaged) {
  const Folder folder;
  const std::string frame = "FRAME\n" + pattern(16 * 16 * 3 / 2);
  write_file(folder / "a.y4m", "YUV4MPEG2 W16 H16 F25:1\n" + frame + frame + "NOISE\n" + frame);

  EXPECT_EQ(play(folder / "a.y4m").frames.size(), 2U);
}

}  // namespace
}  // namespace millrace::avformat::testing
