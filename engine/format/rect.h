// SPDX-License-Identifier: MIT
// Rect: a part of a picture.
#pragma once

#include <cstdint>

namespace millrace {

/// Pixels [x, x + width) x [y, y + height).
struct Rect {
  uint32_t x = 0;
  uint32_t y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
};

}  // namespace millrace
