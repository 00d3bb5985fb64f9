// SPDX-License-Identifier: MIT
// Media files as a source: every frame, at its own time, without a copy.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/recording/clips.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

/// Frames at uneven times, always later than the one before.
const std::string uneven = "settb=1/90000,setpts='3000*N+450*mod(N*N,7)'";
const Words keep_times = {"-fps_mode", "passthrough", "-enc_time_base", "1/90000"};

Recording record_clip(const TempFolder& folder, const std::string& clip, const Words& more = {}) {
  return record(folder, {.options = with({"-s", "file:" + clip}, more)});
}

/// testsrc2 itself rounds sizes down to even ones; 323x181 it is afterwards.
const std::string odd_sized = "scale=323:181";

/// Times from the first frame on, so that a clip that begins late is told by its rhythm.
void expect_same_times(const std::string& recorded, const std::string& clip) {
  const std::vector<Moment> seen = moments_of(recorded);
  const std::vector<Moment> meant = moments_of(clip);
  ASSERT_EQ(seen.size(), meant.size());
  ASSERT_FALSE(meant.empty());
  for (size_t i = 0; i < meant.size(); ++i) {
    EXPECT_NEAR(seen[i].seconds - seen[0].seconds, meant[i].seconds - meant[0].seconds, 0.001)
        << "frame " << i;
  }
}

/// Mean difference of luma over the part that both pictures have.
double luma_difference(const Picture& a, const Picture& b) {
  const uint32_t width = std::min(a.width, b.width);
  const uint32_t height = std::min(a.height, b.height);
  uint64_t sum = 0;
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      sum += static_cast<uint64_t>(
          std::abs(a.samples[size_t{y} * a.width + x] - b.samples[size_t{y} * b.width + x]));
    }
  }
  return static_cast<double>(sum) / (width * height);
}

struct ClipCase {
  std::string name;
  ClipOrder clip;
  uint64_t transforms = 1;
  uint32_t width = 320, height = 180;  ///< of the clip; the recording pads them to even ones
};

const ClipCase clip_cases[] = {
    {"h264_vfr_with_b_frames_in_mkv",
     {.name = "clip.mkv", .encoder = with(with(x264, keep_times), {"-bf", "3"}), .filter = uneven}},
    {"h264_vfr_with_b_frames_in_mp4",
     {.name = "clip.mp4",
      .encoder = with(with(x264, keep_times), {"-bf", "3", "-video_track_timescale", "90000"}),
      .filter = uneven}},
    {"h264_that_begins_late_in_mp4",
     {.name = "clip.mp4", .encoder = with(x264, {"-bf", "2", "-output_ts_offset", "7.5"})}},
    {"h264_in_ts", {.name = "clip.ts", .encoder = with(x264, {"-bf", "2"})}},
    {"odd_sized_vp9",
     {.name = "clip.webm",
      .frames = 20,
      .encoder = {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt",
                  "yuv420p"},
      .filter = odd_sized},
     1,
     323,
     181},
    {"hevc_of_10_bits",
     {.name = "clip.mkv",
      .frames = 20,
      .encoder = {"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le",
                  "-x265-params", "log-level=error"}}},
    {"h264_of_4_2_2",
     {.name = "clip.mkv",
      .encoder = {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p"}}},
    {"h264_of_4_4_4",
     {.name = "clip.mkv",
      .encoder = {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"}}},
    {"motion_jpeg_of_full_range",
     {.name = "clip.avi", .encoder = {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p"}}},
    {"lossless_rgb", {.name = "clip.mkv", .encoder = {"-c:v", "ffv1", "-pix_fmt", "bgr0"}}},
    {"y4m", {.name = "clip.y4m", .encoder = {"-pix_fmt", "yuv420p"}}},
    {"a_path_with_a_semicolon_and_spaces", {.name = "my; clip.mkv", .encoder = x264}},
};

class Clips : public testing::TestWithParam<ClipCase> {};

TEST_P(Clips, are_recorded_frame_by_frame_at_their_own_times_without_a_copy) {
  const ClipCase& one = GetParam();
  const TempFolder folder;
  const std::string clip = make_clip(folder, one.clip);
  const MediaFacts original = facts_of(clip);
  ASSERT_EQ(original.width, one.width) << "ffmpeg made another clip";
  ASSERT_EQ(original.height, one.height);
  const Recording recording = record_clip(folder, clip, {"--qp", "12"});
  expect_complete(recording, original.frames);
  expect_no_copy(recording, one.transforms);
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.width, one.width + one.width % 2);
  EXPECT_EQ(facts.height, one.height + one.height % 2);
  expect_same_times(recording.path, clip);
  if (original.range == "pc" && original.matrix != "gbr") {
    EXPECT_EQ(facts.range, "pc") << recording.outcome;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Clips, testing::ValuesIn(clip_cases),
                         [](const auto& one) { return one.param.name; });

TEST(FileSource, shows_the_clips_own_pictures_in_the_order_of_showing) {
  const TempFolder folder;
  const std::string clip =
      make_clip(folder, {.name = "clip.mkv", .encoder = with(x264, {"-bf", "3", "-qp", "10"})});
  const Recording recording = record_clip(folder, clip, {"--qp", "10"});
  expect_complete(recording, 40);
  const std::vector<Picture> seen = decode(recording.path);
  const std::vector<Picture> meant = decode(clip);
  ASSERT_EQ(seen.size(), meant.size());
  for (size_t i = 0; i < seen.size(); ++i) {
    EXPECT_LT(luma_difference(seen[i], meant[i]), 2.5) << "frame " << i;
  }
}

TEST(FileSource, pads_an_odd_size_by_repeating_its_edge_and_says_so) {
  const TempFolder folder;
  const std::string clip = make_clip(folder, {.name = "clip.mkv",
                                              .frames = 5,
                                              .encoder = {"-c:v", "ffv1", "-pix_fmt", "yuv420p"},
                                              .filter = odd_sized});
  const Recording recording = record_clip(folder, clip, {"--qp", "4"});
  expect_complete(recording, 5);
  EXPECT_NE(recording.at("/remarks").dump().find("324x182"), std::string::npos)
      << recording.at("/remarks");
  for (const Picture& picture : decode(recording.path)) {
    ASSERT_EQ(picture.width, 324U);
    for (uint32_t y = 0; y < 181; ++y) {
      EXPECT_NEAR(picture.yuv_at(323, y)[0], picture.yuv_at(322, y)[0], 24) << "row " << y;
    }
  }
}

TEST(FileSource, tells_of_a_conversion_by_the_decoder_side) {
  const TempFolder folder;
  const std::string clip = make_clip(
      folder,
      {.name = "clip.mkv", .frames = 5, .encoder = {"-c:v", "ffv1", "-pix_fmt", "yuv422p10le"}});
  const Recording recording = record_clip(folder, clip);
  expect_complete(recording, 5);
  expect_no_copy(recording, 1);
  EXPECT_NE(recording.at("/remarks").dump().find("swscale"), std::string::npos)
      << recording.at("/remarks");
}

class SizeChange : public testing::TestWithParam<std::string> {};

TEST_P(SizeChange, within_a_clip_is_letterboxed_into_the_first_size_and_told) {
  const TempFolder folder;
  const std::string& kind = GetParam();
  const std::string first = make_clip(folder, {.name = "a." + kind, .frames = 10, .encoder = x264});
  const std::string second = make_clip(folder, {.name = "b." + kind,
                                                .size = "160x160",
                                                .frames = 10,
                                                .encoder = with(x264, {"-output_ts_offset", "1"})});
  const std::string both = folder.write("both." + kind, read_bytes(first) + read_bytes(second));
  const Recording recording = record_clip(folder, both);
  expect_complete(recording, 20);
  EXPECT_EQ(recording.count("/copies/bytes"), 0U);
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.width, 320U);
  EXPECT_EQ(facts.height, 180U);
  const std::vector<Picture> pictures = decode(recording.path);
  ASSERT_EQ(pictures.size(), 20U);
  EXPECT_NEAR(pictures[15].yuv_at(4, 90)[0], 16, 4) << "left of the square picture";
  EXPECT_GT(pictures[15].yuv_at(160, 60)[0], 30) << "in the square picture";
  const std::string& said = recording.outcome.err;
  EXPECT_NE(said.find("160x160"), std::string::npos) << recording.outcome;
  EXPECT_NE(said.find("letterboxed"), std::string::npos) << recording.outcome;
  EXPECT_NE(recording.at("/remarks").dump().find("letterboxed"), std::string::npos)
      << recording.at("/remarks");
}

INSTANTIATE_TEST_SUITE_P(In, SizeChange, testing::Values("h264", "ts"),
                         [](const auto& one) { return one.param; });

TEST(RawFile, is_read_by_the_size_and_rate_that_the_user_gives) {
  const TempFolder folder;
  const std::string clip = make_clip(
      folder,
      {.name = "clip.nv12", .frames = 12, .encoder = {"-pix_fmt", "nv12", "-f", "rawvideo"}});
  const Recording recording =
      record_clip(folder, clip, {"--size", "320x180", "--fps", "25", "--qp", "10"});
  expect_complete(recording, 12);
  expect_no_copy(recording, 0);
  EXPECT_EQ(facts_of(recording.path).rate, "25/1");
  const std::string reference =
      make_clip(folder, {.name = "clip.y4m", .frames = 12, .encoder = {"-pix_fmt", "yuv420p"}});
  const std::vector<Picture> seen = decode(recording.path);
  const std::vector<Picture> meant = decode(reference);
  ASSERT_EQ(seen.size(), meant.size());
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_LT(luma_difference(seen[i], meant[i]), 2.5);
}

TEST(FileSource, stops_at_the_frames_and_the_duration_that_are_asked_for) {
  const TempFolder folder;
  const std::string clip = make_clip(folder, {.name = "clip.mkv", .encoder = x264});
  expect_complete(record(folder, {.options = {"-s", "file:" + clip, "--frames", "7"}}), 7);
  expect_complete(record(folder, {.options = {"-s", "file:" + clip, "--duration", "500ms"},
                                  .output = "half.mkv"}),
                  15);
}

TEST(FileSource, paced_by_the_clock_takes_as_long_as_the_clip) {
  const TempFolder folder;
  const std::string clip = make_clip(folder, {.name = "clip.mkv", .frames = 30, .encoder = x264});
  const Recording recording = record_clip(folder, clip, {"--realtime"});
  expect_complete(recording, 30);
  EXPECT_GT(recording.at("/elapsed_s").get<double>(), 0.9) << recording.outcome;
}

}  // namespace
}  // namespace millrace::recording
