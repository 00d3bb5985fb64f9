// SPDX-License-Identifier: MIT
// Rect: a part of a picture. All rectangles are half-open: a picture of 100x100 is whole as
// (0, 0, 100, 100), and its last pixel is (99, 99).
#pragma once

#include <cstdint>

#include "engine/base/export.h"

namespace millrace {

/// Pixels [x, x + width) x [y, y + height). A picture has 2^32 pixels a side at most: where a sum
/// is larger, those beyond are none.
struct Rect {
  uint32_t x = 0;
  uint32_t y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
};

/// A rectangle that may lie anywhere: what moving, scaling or turning makes of a Rect. A width or
/// height of 0 or below is empty.
struct FreeRect {
  int64_t x = 0;
  int64_t y = 0;
  int64_t width = 0;
  int64_t height = 0;
  friend bool operator==(const FreeRect&, const FreeRect&) = default;
};

enum class Clipping : uint8_t {
  inside,   ///< nothing was cut off
  clipped,  ///< a part is left
  outside,  ///< nothing is left, or there was nothing
};

struct ClippedRect {
  Clipping clipping = Clipping::outside;
  Rect rect;  ///< empty when outside
};

/// The part of `rect` that lies within `bounds`.
[[nodiscard]] MILLRACE_API ClippedRect clip(const FreeRect& rect, const Rect& bounds);

}  // namespace millrace
