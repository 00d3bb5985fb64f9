// SPDX-License-Identifier: MIT
// Paint: rectangles of one colour in any pixel format, written but never read.
//
// An Ink is a colour as the bytes of a format: a short run of samples for each plane. Painting
// copies that run into the frame, so not one byte of frame memory is read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/base/export.h"
#include "engine/format/colour.h"
#include "engine/format/pixel_format.h"
#include "engine/format/rect.h"
#include "engine/format/stream_format.h"
#include "engine/memory/frame_view.h"

namespace millrace {

/// A colour as R'G'B' with black at 0 and white at 1. Values outside exist where the code range
/// has room for them (limited-range YUV), and are clipped elsewhere.
struct Rgb {
  double r = 0;
  double g = 0;
  double b = 0;
};

struct Ink {
  static constexpr size_t run_bytes = 64;
  std::array<std::array<std::byte, run_bytes>, max_planes> run{};
};

[[nodiscard]] MILLRACE_API bool can_paint(PixelFormat format);

/// "NV12, I420": what can_paint says yes to.
[[nodiscard]] MILLRACE_API std::string names_of_paintable_formats();

/// For formats that can_paint says yes to. `colour` says what numbers mean: matrix and range of
/// YUV, range of RGB. Where it leaves them open, YUV is BT.709 limited and RGB is full range.
[[nodiscard]] MILLRACE_API Ink make_ink(PixelFormat format, const Colour& colour, const Rgb& rgb);

/// Paints the part of `rect` that lies inside the frame; in even numbers where the format
/// subsamples.
MILLRACE_API void paint_rect(PixelFormat format, const WritePlanes& frame, const Rect& rect,
                             const Ink& ink);

/// Paints a frame black wherever `picture`, which lies inside it on whole chroma samples, does not
/// cover it.
MILLRACE_API void paint_bars_around(const Rect& picture, const VideoFormat& video,
                                    const WritePlanes& frame);

/// Paints pixels [first, last) of one row of plane `plane`.
MILLRACE_API void paint_span(PixelFormat format, size_t plane, std::span<std::byte> row,
                             uint32_t first, uint32_t last, const Ink& ink);

}  // namespace millrace
