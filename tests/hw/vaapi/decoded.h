// SPDX-License-Identifier: MIT
// What libavcodec's H.264 decoder makes of a byte stream.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace millrace::vaapi::testing {

struct DecodedFrame {
  bool key = false;
  uint32_t width = 0;
  uint32_t height = 0;
  int primaries = 0;  ///< code points of ITU-T H.273
  int transfer = 0;
  int matrix = 0;
  bool full_range = false;
  std::vector<uint8_t> luma;  ///< width x height
};

struct Decoded {
  std::vector<DecodedFrame> frames;
  int reordering = 0;      ///< frames that the decoder holds back
  std::string complaints;  ///< empty when all is well
};

/// `packets` are access units, one each.
[[nodiscard]] Decoded decode(std::span<const std::vector<uint8_t>> packets);

/// Peak signal to noise ratio of the luma against the moving picture of that number; decibels.
[[nodiscard]] double luma_psnr(const DecodedFrame& frame, uint64_t number);

}  // namespace millrace::vaapi::testing
