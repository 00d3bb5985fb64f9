// SPDX-License-Identifier: MIT
#include "engine/format/matrix.h"

#include <algorithm>
#include <cmath>

#include "engine/base/checked.h"

namespace millrace {
namespace {

constexpr double farthest = 0x1p60;

std::optional<int64_t> nearest(double value) {
  // Written so that NaN is refused too.
  if (!(std::abs(value) < farthest)) return std::nullopt;
  return std::llround(value);
}

double side(uint32_t length) {
  return std::max(length, 1U);
}

}  // namespace

Matrix3 Matrix3::between(const Rect& from, const Rect& to) {
  const double x = to.width / side(from.width);
  const double y = to.height / side(from.height);
  return {{{{x, 0, to.x - x * from.x}, {0, y, to.y - y * from.y}, {0, 0, 1}}}};
}

bool Matrix3::keeps_rectangles() const {
  const bool upright = m[0][1] == 0 && m[1][0] == 0;
  const bool quarter = m[0][0] == 0 && m[1][1] == 0;
  return (upright || quarter) && m[2][0] == 0 && m[2][1] == 0 && m[2][2] != 0;
}

std::optional<Point> Matrix3::operator()(const Point& point) const {
  const auto x = static_cast<double>(point.x);
  const auto y = static_cast<double>(point.y);
  const double depth = m[2][0] * x + m[2][1] * y + m[2][2];
  const auto to_x = nearest((m[0][0] * x + m[0][1] * y + m[0][2]) / depth);
  const auto to_y = nearest((m[1][0] * x + m[1][1] * y + m[1][2]) / depth);
  if (!to_x || !to_y) return std::nullopt;
  return Point{*to_x, *to_y};
}

std::optional<FreeRect> Matrix3::operator()(const FreeRect& rect) const {
  if (!keeps_rectangles()) return std::nullopt;
  const auto right = checked_add(rect.x, std::max<int64_t>(rect.width, 0));
  const auto bottom = checked_add(rect.y, std::max<int64_t>(rect.height, 0));
  if (!right || !bottom) return std::nullopt;
  const auto a = (*this)(Point{rect.x, rect.y});
  const auto b = (*this)(Point{*right, *bottom});
  if (!a || !b) return std::nullopt;
  // A turn or a mirror may have swapped the corners.
  const Point first{std::min(a->x, b->x), std::min(a->y, b->y)};
  const Point end{std::max(a->x, b->x), std::max(a->y, b->y)};
  return FreeRect{first.x, first.y, end.x - first.x, end.y - first.y};
}

ClippedPoint clip(const Point& point, const Rect& bounds) {
  const int64_t right = int64_t{bounds.x} + std::max(bounds.width, 1U) - 1;
  const int64_t bottom = int64_t{bounds.y} + std::max(bounds.height, 1U) - 1;
  const Point in{std::clamp(point.x, int64_t{bounds.x}, right),
                 std::clamp(point.y, int64_t{bounds.y}, bottom)};
  return {in == point ? Clipping::inside : Clipping::outside, in};
}

}  // namespace millrace
