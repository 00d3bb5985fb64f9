// SPDX-License-Identifier: MIT
// Matrix3: where the points of one picture lie in another: moved, scaled, turned, sheared.
//
// x' = m[0][0] x + m[0][1] y + m[0][2], y' likewise by m[1]; m[2] is 0 0 1 but for perspective.
#pragma once

#include <array>
#include <optional>

#include "engine/base/export.h"
#include "engine/format/rect.h"

namespace millrace {

struct Point {
  int64_t x = 0;
  int64_t y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

struct Matrix3 {
  std::array<std::array<double, 3>, 3> m{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  friend bool operator==(const Matrix3&, const Matrix3&) = default;

  /// What puts `from` onto `to`: the corner to the corner, each side scaled. Sides of `from` that
  /// are 0 count as 1.
  [[nodiscard]] MILLRACE_API static Matrix3 between(const Rect& from, const Rect& to);

  /// True when upright rectangles stay upright: no turn but by quarters, no shear, no perspective.
  [[nodiscard]] MILLRACE_API bool keeps_rectangles() const;

  /// Rounded to the nearest pixel; nothing where it lies at infinity or beyond 2^60.
  [[nodiscard]] MILLRACE_API std::optional<Point> operator()(const Point& point) const;

  /// Nothing where `keeps_rectangles` is false, or a corner lies nowhere. An empty one stays empty.
  [[nodiscard]] MILLRACE_API std::optional<FreeRect> operator()(const FreeRect& rect) const;
};

/// A point brought into a picture: itself, or the nearest pixel.
struct ClippedPoint {
  Clipping clipping = Clipping::outside;  ///< inside or outside
  Point point;
};

/// `bounds` has a pixel at least.
[[nodiscard]] MILLRACE_API ClippedPoint clip(const Point& point, const Rect& bounds);

}  // namespace millrace
