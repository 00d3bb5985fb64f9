// SPDX-License-Identifier: MIT
// Files whose pictures are not what an encoder takes: odd sizes, other formats, changing sizes.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/stand_in.h"

namespace millrace::avformat::testing {
namespace {

const std::string ten_frames = "-f lavfi -i testsrc2=size=320x180:rate=30 -frames:v 10 ";

std::string joined(const Played& played) {
  std::string all;
  for (const Seen& frame : played.frames) all += frame.pixels;
  return all;
}

/// Mean difference of two pictures' bytes.
double difference(const std::string& a, const std::string& b) {
  if (a.size() != b.size() || a.empty()) return 255.0;
  double sum = 0;
  for (size_t index = 0; index < a.size(); ++index) {
    sum += std::abs(static_cast<unsigned char>(a[index]) - static_cast<unsigned char>(b[index]));
  }
  return sum / static_cast<double>(a.size());
}

bool remarks_on(const Played& played, const std::string& words) {
  return std::ranges::any_of(played.offer.remarks, [&](const std::string& remark) {
    return remark.find(words) != std::string::npos;
  });
}

/// One conversion by libswscale, no copy, and the offer says so.
void expect_converted(const std::string& clip, const std::string& format) {
  const Played played = play(clip);

  EXPECT_EQ(played.frames.size(), decoded_count(clip));
  EXPECT_EQ(played.video.format, PixelFormat::nv12);
  EXPECT_EQ(played.transforms, played.frames.size());
  EXPECT_EQ(played.fills, 0U);
  EXPECT_EQ(played.copies, 0U);
  EXPECT_TRUE(played.offer.fills_by_transform);
  EXPECT_TRUE(remarks_on(played, format)) << format;
  EXPECT_LT(difference(joined(played), decoded_bytes(clip, "nv12")), 1.0);
}

TEST(FileSource, reports_the_odd_size_that_ffprobe_reports) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "odd.webm", ten_frames + "-vf scale=321:179 -c:v libvpx-vp9 -deadline realtime");
  ASSERT_EQ(probe(clip, "width,height"), "321|179");

  const Played played = play(clip);

  EXPECT_EQ(played.video.width, 321U);
  EXPECT_EQ(played.video.height, 179U);
  EXPECT_EQ(played.video.format, PixelFormat::i420);
  EXPECT_EQ(played.copies, 0U);
  EXPECT_TRUE(joined(played) == decoded_bytes(clip, "yuv420p"));
}

TEST(FileSource, converts_ten_bit_hevc_in_one_pass) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  expect_converted(
      make_clip(folder / "10.mkv", ten_frames + "-c:v libx265 -preset ultrafast -pix_fmt "
                                                "yuv420p10le -x265-params log-level=error"),
      "yuv420p10le");
}

TEST(FileSource, converts_422_and_444_in_one_pass) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  expect_converted(make_clip(folder / "422.mkv", ten_frames + "-c:v libx264 -pix_fmt yuv422p"),
                   "yuv422p");
  expect_converted(make_clip(folder / "444.mkv", ten_frames + "-c:v libx264 -pix_fmt yuv444p"),
                   "yuv444p");
}

TEST(FileSource, converts_from_a_decoder_that_brings_its_own_memory) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  expect_converted(make_clip(folder / "raw.avi", ten_frames + "-c:v rawvideo -pix_fmt yuv420p"),
                   "rawvideo");
}

TEST(FileSource, pads_an_odd_size_itself_where_it_converts_anyway) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "odd444.mkv", ten_frames + "-vf scale=321:179 -c:v libx264 -pix_fmt yuv444p");

  const Played played = play(clip);

  EXPECT_EQ(played.video.width, 322U);
  EXPECT_EQ(played.video.height, 180U);
  EXPECT_TRUE(remarks_on(played, "321x179 padded to 322x180"));
  EXPECT_EQ(played.transforms, 10U);
  const std::string& pixels = played.frames.at(5).pixels;
  for (size_t row = 0; row < 180; ++row) {
    EXPECT_EQ(pixels[row * 322 + 321], pixels[row * 322 + 320]) << "row " << row;
  }
  EXPECT_EQ(pixels.substr(179 * 322, 322), pixels.substr(178 * 322, 322));
}

TEST(FileSource, converts_rgb_to_bt709_limited_by_default) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "red.mkv", "-f lavfi -i color=red:size=64x64 -frames:v 2 -c:v libx264rgb -crf 0");

  const Played played = play(clip);

  EXPECT_EQ(played.video.colour, bt709_limited);
  const std::string& pixels = played.frames.at(0).pixels;
  EXPECT_NEAR(static_cast<unsigned char>(pixels[100]), 63, 3);
  EXPECT_NEAR(static_cast<unsigned char>(pixels[64 * 64 + 100]), 102, 3);
  EXPECT_NEAR(static_cast<unsigned char>(pixels[64 * 64 + 101]), 240, 3);
}

TEST(FileSource, letterboxes_a_clip_that_changes_its_size) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string wide =
      make_clip(folder / "a.h264", ten_frames + "-c:v libx264 -bf 0 -pix_fmt yuv420p");
  const std::string tall =
      make_clip(folder / "b.h264",
                "-f lavfi -i color=white:size=120x240:rate=30 -frames:v 10 -c:v libx264 "
                "-bf 0 -pix_fmt yuv420p");
  write_file(folder / "both.h264", read_file(wide) + read_file(tall));

  const Played played = play(folder / "both.h264");

  ASSERT_EQ(played.frames.size(), 20U);
  EXPECT_EQ(played.video.width, 320U);
  EXPECT_EQ(played.fills, 10U);
  EXPECT_EQ(played.transforms, 10U);
  EXPECT_EQ(played.copies, 0U);
  const std::string& pixels = played.frames.back().pixels;
  const auto luma = [&](size_t x, size_t y) {
    return static_cast<unsigned char>(pixels[y * 320 + x]);
  };
  EXPECT_EQ(luma(10, 90), 16) << "the bar at the left is black";
  EXPECT_NEAR(luma(160, 90), 235, 3) << "the picture is in the middle";
  EXPECT_EQ(luma(310, 90), 16) << "the bar at the right is black";
}

/// Three red pictures with the numbers and the name of one matrix.
std::string red_clip(const std::string& path, const std::string& matrix) {
  return make_clip(
      path, "-f lavfi -i color=red:size=64x64:rate=30 -frames:v 3 -vf scale=out_color_matrix=" +
                matrix + " -pix_fmt yuv422p -colorspace " + matrix + " -c:v libx264 -bf 0 -crf 1");
}

TEST(FileSource, keeps_the_colour_of_a_clip_that_changes_its_matrix) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string first = red_clip(folder / "a.h264", "bt709");
  const std::string second = red_clip(folder / "b.h264", "smpte170m");
  write_file(folder / "both.h264", read_file(first) + read_file(second));

  const Played played = play(folder / "both.h264");

  ASSERT_EQ(played.frames.size(), 6U);
  for (const Seen& frame : played.frames) {
    EXPECT_NEAR(static_cast<unsigned char>(frame.pixels[100]), 63, 3);
  }
}

TEST(FileSource, says_that_it_does_not_turn_a_picture) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(folder / "a.mp4", ten_frames + "-c:v libx264");
  const std::string turned =
      make_clip(folder / "b.mp4", "-i '" + clip + "' -c copy -metadata:s:v rotate=90");

  const Played played = play(turned);

  EXPECT_EQ(played.video.width, 320U);
  EXPECT_TRUE(remarks_on(played, "90 degrees"));
}

TEST(FileSource, reads_a_still_picture_as_one_frame) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Played played = play(make_clip(folder / "one.jpg", ten_frames + "-frames:v 1"));

  EXPECT_EQ(played.frames.size(), 1U);
  EXPECT_EQ(played.video.colour.range, ColourRange::full);
}

}  // namespace
}  // namespace millrace::avformat::testing
