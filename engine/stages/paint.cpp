// SPDX-License-Identifier: MIT
#include "engine/stages/paint.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/base/check.h"

namespace millrace {
namespace {

struct Luma {
  double red;
  double blue;
};

/// The weights of red and blue in luma, ITU-T H.273 table 4.
Luma luma_weights(ColourMatrix matrix) {
  switch (matrix) {
    case ColourMatrix::bt470bg:
    case ColourMatrix::bt601:
      return {0.299, 0.114};
    case ColourMatrix::bt2020:
      return {0.2627, 0.0593};
    default:
      return {0.2126, 0.0722};
  }
}

uint16_t quantise(double code, int bits) {
  const double largest = (1 << bits) - 1;
  return static_cast<uint16_t>(std::lround(std::clamp(code, 0.0, largest)));
}

struct YuvCodes {
  uint16_t y;
  uint16_t u;
  uint16_t v;
};

/// ITU-T H.273 equations 20 to 31: limited range counts in steps of 2^(bits - 8).
YuvCodes yuv_codes(const Rgb& rgb, const Colour& colour, int bits) {
  const Luma weight = luma_weights(colour.matrix);
  const double y =
      weight.red * rgb.r + (1 - weight.red - weight.blue) * rgb.g + weight.blue * rgb.b;
  const double u = (rgb.b - y) / (2 * (1 - weight.blue));
  const double v = (rgb.r - y) / (2 * (1 - weight.red));
  const double middle = 1 << (bits - 1);
  if (colour.range == ColourRange::full) {
    const double most = (1 << bits) - 1;
    return {quantise(most * y, bits), quantise(middle + most * u, bits),
            quantise(middle + most * v, bits)};
  }
  const double step = 1 << (bits - 8);
  return {quantise((16 + 219 * y) * step, bits), quantise(middle + 224 * u * step, bits),
          quantise(middle + 224 * v * step, bits)};
}

std::byte rgb_code(double value, const Colour& colour) {
  const double code = colour.range == ColourRange::limited ? 16 + 219 * value : 255 * value;
  return static_cast<std::byte>(quantise(code, 8));
}

std::byte byte_of(uint16_t code) {
  return static_cast<std::byte>(code & 0xff);
}

void repeat(std::array<std::byte, Ink::run_bytes>& run, std::initializer_list<std::byte> group) {
  for (size_t index = 0; index < run.size(); index += group.size()) {
    std::ranges::copy(group, run.begin() + static_cast<ptrdiff_t>(index));
  }
}

/// P010 keeps its ten bits at the top of little-endian words.
void fill_p010(Ink& ink, const YuvCodes& code) {
  const auto low = [](uint16_t value) { return byte_of(static_cast<uint16_t>(value << 6)); };
  const auto high = [](uint16_t value) { return byte_of(static_cast<uint16_t>(value >> 2)); };
  repeat(ink.run[0], {low(code.y), high(code.y)});
  repeat(ink.run[1], {low(code.u), high(code.u), low(code.v), high(code.v)});
}

void fill_yuv(Ink& ink, PixelFormat format, const YuvCodes& code) {
  const std::byte y = byte_of(code.y);
  const std::byte u = byte_of(code.u);
  const std::byte v = byte_of(code.v);
  if (format == PixelFormat::yuyv) {
    repeat(ink.run[0], {y, u, y, v});
    return;
  }
  repeat(ink.run[0], {y});
  if (format == PixelFormat::nv12) {
    repeat(ink.run[1], {u, v});
  } else {
    repeat(ink.run[1], {u});
    repeat(ink.run[2], {v});
  }
}

void fill_rgb(Ink& ink, PixelFormat format, const Rgb& rgb, const Colour& colour) {
  const std::byte r = rgb_code(rgb.r, colour);
  const std::byte g = rgb_code(rgb.g, colour);
  const std::byte b = rgb_code(rgb.b, colour);
  constexpr std::byte opaque{0xff};
  if (format == PixelFormat::bgrx) {
    repeat(ink.run[0], {b, g, r, opaque});
  } else {
    repeat(ink.run[0], {r, g, b, opaque});
  }
}

}  // namespace

bool can_paint(PixelFormat format) {
  switch (format) {
    case PixelFormat::nv12:
    case PixelFormat::i420:
    case PixelFormat::yuyv:
    case PixelFormat::bgrx:
    case PixelFormat::rgba:
    case PixelFormat::p010:
      return true;
    default:
      return false;
  }
}

std::string names_of_paintable_formats() {
  std::string names;
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    if (!can_paint(format.format)) continue;
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

Ink make_ink(PixelFormat format, const Colour& colour, const Rgb& rgb) {
  MILLRACE_CHECK(can_paint(format));
  Ink ink;
  if (facts(format).rgb) {
    fill_rgb(ink, format, rgb, colour);
  } else if (format == PixelFormat::p010) {
    fill_p010(ink, yuv_codes(rgb, colour, 10));
  } else {
    fill_yuv(ink, format, yuv_codes(rgb, colour, 8));
  }
  return ink;
}

void paint_span(PixelFormat format, size_t plane, std::span<std::byte> row, uint32_t first,
                uint32_t last, const Ink& ink) {
  const uint64_t from = visible_extent(format, plane, first, 1).row_bytes;
  const uint64_t to =
      std::min<uint64_t>(visible_extent(format, plane, last, 1).row_bytes, row.size());
  for (uint64_t at = from; at < to; at += Ink::run_bytes) {
    std::memcpy(row.data() + at, ink.run[plane].data(),
                std::min<uint64_t>(to - at, Ink::run_bytes));
  }
}

void paint_rect(PixelFormat format, const WritePlanes& frame, const Rect& rect, const Ink& ink) {
  for (size_t plane = 0; plane < facts(format).plane_count; ++plane) {
    const uint64_t first = visible_extent(format, plane, 1, rect.y).rows;
    const uint64_t last = std::min<uint64_t>(
        visible_extent(format, plane, 1, rect.y + rect.height).rows, frame[plane].rows);
    for (uint64_t row = first; row < last; ++row) {
      paint_span(format, plane, frame[plane].row(row), rect.x, rect.x + rect.width, ink);
    }
  }
}

void paint_bars_around(const Rect& picture, const VideoFormat& video, const WritePlanes& frame) {
  const Ink black = make_ink(video.format, video.colour, {});
  const uint32_t right = picture.x + picture.width;
  const uint32_t below = picture.y + picture.height;
  const auto paint = [&](const Rect& bar) { paint_rect(video.format, frame, bar, black); };
  paint({0, 0, video.width, picture.y});
  paint({0, below, video.width, video.height - below});
  paint({0, picture.y, picture.x, picture.height});
  paint({right, picture.y, video.width - right, picture.height});
}

}  // namespace millrace
