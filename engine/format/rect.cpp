// SPDX-License-Identifier: MIT
#include "engine/format/rect.h"

#include <algorithm>
#include <limits>

namespace millrace {
namespace {

/// Where a side that begins at `start` ends, or the last place that 64 bits can tell.
int64_t end_of(int64_t start, int64_t length) {
  int64_t end = 0;
  if (!__builtin_add_overflow(start, length, &end)) return end;
  return length > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

/// Where a side of the bounds ends: no number of a Rect could tell of a pixel behind the last.
int64_t end_of_bounds(uint32_t start, uint32_t length) {
  return std::min(int64_t{start} + length, int64_t{1} << 32);
}

}  // namespace

ClippedRect clip(const FreeRect& rect, const Rect& bounds) {
  const int64_t left = std::max<int64_t>(rect.x, bounds.x);
  const int64_t top = std::max<int64_t>(rect.y, bounds.y);
  const int64_t right = std::min(end_of(rect.x, rect.width), end_of_bounds(bounds.x, bounds.width));
  const int64_t bottom =
      std::min(end_of(rect.y, rect.height), end_of_bounds(bounds.y, bounds.height));
  if (right <= left || bottom <= top) return {};
  const FreeRect left_over{left, top, right - left, bottom - top};
  return {left_over == rect ? Clipping::inside : Clipping::clipped,
          {static_cast<uint32_t>(left), static_cast<uint32_t>(top),
           static_cast<uint32_t>(right - left), static_cast<uint32_t>(bottom - top)}};
}

}  // namespace millrace
