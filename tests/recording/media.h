// SPDX-License-Identifier: MIT
// What a recording holds, as told by ffprobe and ffmpeg: none of our own code judges it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace millrace::recording {

struct MediaFacts {
  std::string container;  ///< ffprobe's name: "matroska,webm"
  std::string codec;
  std::string profile;
  uint32_t width = 0;
  uint32_t height = 0;
  std::string rate;  ///< "30000/1001"
  std::string range, matrix, primaries, transfer;
  uint64_t frames = 0;  ///< that decode
  bool has_b_frames = false;
};

/// Fails the test where ffprobe cannot read the file, or complains about it.
[[nodiscard]] MediaFacts facts_of(const std::string& path);

struct Moment {
  double seconds = 0;
  bool key = false;
};

/// Of every frame, in the order of showing.
[[nodiscard]] std::vector<Moment> moments_of(const std::string& path);

/// One decoded frame as I420: the codes of the file, without any conversion of colour.
struct Picture {
  uint32_t width = 0;
  uint32_t height = 0;
  std::vector<uint8_t> samples;

  [[nodiscard]] std::array<int, 3> yuv_at(uint32_t x, uint32_t y) const;
  [[nodiscard]] std::optional<uint32_t> counter() const;
};

/// Decodes all of it; fails the test where ffmpeg finds an error in the stream.
[[nodiscard]] std::vector<Picture> decode(const std::string& path);

/// The frame numbers in its pictures; -1 where one cannot be read.
[[nodiscard]] std::vector<int64_t> counters_of(const std::vector<Picture>& pictures);

/// 0, 1, … count - 1.
[[nodiscard]] std::vector<int64_t> consecutive(size_t count);

/// Runs ffmpeg with these arguments (over those that keep it quiet); fails the test where it fails.
void ffmpeg(const std::vector<std::string>& arguments);

}  // namespace millrace::recording
