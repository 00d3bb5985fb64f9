// SPDX-License-Identifier: MIT
#include "hw/x11/cursor_image.h"

#include <algorithm>
#include <optional>

#include "hw/x11/area.h"

namespace millrace::x11 {
namespace {

constexpr size_t bytes_a_pixel = 4;
constexpr uint32_t opaque = 255;

Area placed(const CursorImage& image, const Point& point) {
  return {point.x - image.hot_x, point.y - image.hot_y, image.width, image.height};
}

/// One colour of one pixel over what was there, rounded. A server may send colours above alpha.
std::byte over(uint32_t colour, uint32_t alpha, std::byte below) {
  const uint32_t kept = (std::to_integer<uint32_t>(below) * (opaque - alpha) + opaque / 2) / opaque;
  return static_cast<std::byte>(std::min(opaque, colour + kept));
}

void blend_pixel(uint32_t argb, std::byte* bgrx) {
  const uint32_t alpha = argb >> 24;
  for (size_t channel = 0; channel < 3; ++channel) {
    bgrx[channel] = over(argb >> (8 * channel) & 0xff, alpha, bgrx[channel]);
  }
}

}  // namespace

bool is_seen(const CursorImage& image, const Point& point, uint32_t width, uint32_t height) {
  return intersect(placed(image, point), {0, 0, width, height}).has_value();
}

void blend(const CursorImage& image, const Point& point, const PlaneSpan<std::byte>& frame) {
  const Area whole = placed(image, point);
  const auto columns = static_cast<uint32_t>(frame.row_bytes / bytes_a_pixel);
  const std::optional<Area> seen =
      intersect(whole, {0, 0, columns, static_cast<uint32_t>(frame.rows)});
  if (!seen) return;
  for (uint32_t row = 0; row < seen->height; ++row) {
    const auto from = static_cast<size_t>(seen->y - whole.y) + row;
    const uint32_t* source = &image.pixels[from * image.width + (seen->x - whole.x)];
    std::byte* target = &frame.row(static_cast<size_t>(seen->y) +
                                   row)[static_cast<size_t>(seen->x) * bytes_a_pixel];
    for (uint32_t column = 0; column < seen->width; ++column) {
      if (source[column] != 0) blend_pixel(source[column], target + column * bytes_a_pixel);
    }
  }
}

}  // namespace millrace::x11
