// SPDX-License-Identifier: MIT
// What the encoder is asked for is what comes out: quantiser, bit rate, key frames.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

constexpr uint32_t noisy_frames = 120;  // 4 s

/// Pictures that are worth any bit rate: moving shapes under noise.
std::string make_noisy_clip(const TempFolder& folder) {
  const std::string path = folder.file("noisy.y4m");
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30,noise=alls=30:allf=t", "-frames:v",
          std::to_string(noisy_frames), "-pix_fmt", "yuv420p", path});
  return path;
}

Recording record_noise(const TempFolder& folder, const Words& options, const std::string& output) {
  Order order{.options = {"-s", "file:" + make_noisy_clip(folder)}, .output = output};
  order.options.insert(order.options.end(), options.begin(), options.end());
  return record(folder, order);
}

double bits_per_second(const Recording& recording) {
  return static_cast<double>(recording.count("/packet_bytes")) * 8 * 30 / noisy_frames;
}

std::vector<size_t> key_frames_of(const std::string& path) {
  std::vector<size_t> keys;
  const std::vector<Moment> moments = moments_of(path);
  for (size_t i = 0; i < moments.size(); ++i) {
    if (moments[i].key) keys.push_back(i);
  }
  return keys;
}

TEST(ConstantQuantiser, spends_fewer_bits_the_higher_it_is) {
  const TempFolder folder;
  uint64_t before = UINT64_MAX;
  for (const std::string qp : {"10", "26", "40", "51"}) {
    const Recording recording = record_noise(folder, {"--rc", "cqp", "--qp", qp}, qp + ".mkv");
    expect_complete(recording, noisy_frames);
    EXPECT_EQ(recording.text("/encoder/rate_control"), "cqp");
    EXPECT_LT(recording.count("/packet_bytes"), before) << "qp " << qp;
    before = recording.count("/packet_bytes");
  }
}

TEST(ConstantBitRate, is_kept_within_15_percent) {
  const TempFolder folder;
  const Recording recording = record_noise(folder, {"--rc", "cbr", "-b", "1M"}, "out.mkv");
  expect_complete(recording, noisy_frames);
  EXPECT_EQ(recording.text("/encoder/rate_control"), "cbr");
  EXPECT_NEAR(bits_per_second(recording), 1e6, 0.15e6);
}

TEST(VariableBitRate, is_met_on_average) {
  const TempFolder folder;
  const Recording recording =
      record_noise(folder, {"--rc", "vbr", "-b", "800k", "--max-bitrate", "1.2M"}, "out.mkv");
  expect_complete(recording, noisy_frames);
  EXPECT_EQ(recording.text("/encoder/rate_control"), "vbr");
  EXPECT_GT(bits_per_second(recording), 0.5e6);
  EXPECT_LT(bits_per_second(recording), 1.25e6);
}

TEST(VariableBitRate, is_what_a_bit_rate_alone_asks_for) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--size", "128x96", "--frames", "10", "-b", "500k"}});
  expect_complete(recording, 10);
  EXPECT_EQ(recording.text("/encoder/rate_control"), "vbr");
}

TEST(KeyFrames, come_at_the_distance_that_was_asked_for) {
  const TempFolder folder;

  struct {
    std::string keyint;
    std::vector<size_t> places;
  } const cases[] = {{"5", {0, 5, 10, 15}},
                     {"1", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}},
                     {"300ms", {0, 9}},
                     {"100", {0}}};

  for (const auto& one : cases) {
    for (const std::string& output : {one.keyint + ".mkv", one.keyint + ".mp4"}) {
      const Recording recording =
          record(folder, {.options = {"--size", "128x96", "--frames", "18", "--keyint", one.keyint},
                          .output = output});
      expect_complete(recording, 18);
      EXPECT_EQ(key_frames_of(recording.path), one.places) << output;
    }
  }
}

TEST(KeyFrames, are_two_seconds_apart_by_default) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--size", "64x64", "--fps", "10", "--frames", "45"}});
  expect_complete(recording, 45);
  EXPECT_EQ(key_frames_of(recording.path), (std::vector<size_t>{0, 20, 40}));
}

}  // namespace
}  // namespace millrace::recording
