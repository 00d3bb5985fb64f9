// SPDX-License-Identifier: MIT
// CursorImage: the pointer's picture, and how it is laid over a frame. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/export.h"
#include "engine/memory/frame_view.h"

namespace millrace::x11 {

struct CursorImage {
  uint32_t width = 0;
  uint32_t height = 0;
  int32_t hot_x = 0;  ///< the pixel that points
  int32_t hot_y = 0;
  std::vector<uint32_t> pixels;  ///< ARGB, colours multiplied by alpha; row by row
};

struct Point {
  int32_t x = 0;
  int32_t y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// True when some pixel of the image lies in a picture of `width` x `height` with the hot spot at
/// `point`.
[[nodiscard]] MILLRACE_API bool is_seen(const CursorImage& image, const Point& point,
                                        uint32_t width, uint32_t height);

/// Lays the image over BGRX rows, clipped. Reads and writes only what it covers.
MILLRACE_API void blend(const CursorImage& image, const Point& point,
                        const PlaneSpan<std::byte>& frame);

}  // namespace millrace::x11
