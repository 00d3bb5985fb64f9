// SPDX-License-Identifier: MIT
// Pictures in ordinary memory, to convert from and into.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/format/stream_format.h"
#include "engine/memory/frame_view.h"

namespace millrace::yuv::testing {

/// One picture with some bytes of padding behind each row, whose bytes are `untouched`.
class Picture {
 public:
  static constexpr std::byte untouched{0xa5};

  explicit Picture(const VideoFormat& video);

  [[nodiscard]] uint8_t& at(size_t plane, size_t byte, size_t row);
  [[nodiscard]] ReadPlanes readable() const;
  [[nodiscard]] WritePlanes writable();

  [[nodiscard]] const VideoFormat& video() const { return video_; }

  /// Whether the bytes behind the visible rows are as they were made.
  [[nodiscard]] bool padding_is_untouched() const;

 private:
  VideoFormat video_;
  VideoMeta meta_;
  std::vector<std::byte> bytes_;
};

struct Rgb {
  uint8_t red, green, blue;
};

/// A picture of one colour.
[[nodiscard]] Picture patch(const VideoFormat& video, Rgb colour);

struct Yuv {
  double y, u, v;
};

/// What ITU-T H.273 makes of `colour` with the matrix and range of `tags`, in floating point.
[[nodiscard]] Yuv expected_yuv(Rgb colour, const Colour& tags);

}  // namespace millrace::yuv::testing
