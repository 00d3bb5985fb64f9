// SPDX-License-Identifier: MIT
#include "hw/x11/area.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::x11 {

std::optional<Area> intersect(const Area& one, const Area& other) {
  const int64_t left = std::max<int64_t>(one.x, other.x);
  const int64_t top = std::max<int64_t>(one.y, other.y);
  const int64_t right = std::min(int64_t{one.x} + one.width, int64_t{other.x} + other.width);
  const int64_t bottom = std::min(int64_t{one.y} + one.height, int64_t{other.y} + other.height);
  if (right <= left || bottom <= top) return std::nullopt;
  return Area{static_cast<int32_t>(left), static_cast<int32_t>(top),
              static_cast<uint32_t>(right - left), static_cast<uint32_t>(bottom - top)};
}

std::string size_text(const Area& area) {
  return fmt::format("{}x{}", area.width, area.height);
}

std::string place_text(const Area& area) {
  return fmt::format("{}x{}{:+}{:+}", area.width, area.height, area.x, area.y);
}

}  // namespace millrace::x11
