// SPDX-License-Identifier: MIT
// Layout: where the planes of a picture lie in a block of bytes. The one layout type of VideoInfo,
// VideoMeta, pools, plans and importers.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/pixel_format.h"

namespace millrace {

struct PlaneLayout {
  uint64_t offset = 0;  ///< bytes from the start of the buffer's visible bytes
  uint64_t stride = 0;  ///< bytes from one row to the next
  uint64_t rows = 0;    ///< rows that are allocated, at least the visible ones
  friend bool operator==(const PlaneLayout&, const PlaneLayout&) = default;
};

struct Layout {
  PixelFormat format = PixelFormat::nv12;
  Modifier modifier = Modifier::linear;
  uint32_t coded_width = 0;   ///< pixels; at least the visible width
  uint32_t coded_height = 0;  ///< pixels; at least the visible height
  std::array<PlaneLayout, max_planes> plane{};
  uint64_t size = 0;  ///< bytes that the planes and their padding take
  friend bool operator==(const Layout&, const Layout&) = default;

  [[nodiscard]] size_t plane_count() const { return facts(format).plane_count; }

  [[nodiscard]] std::span<const PlaneLayout> planes() const {
    return {plane.data(), plane_count()};
  }
};

/// The part of plane `index` that shows a picture of width x height: whole samples, rounded up.
struct PlaneExtent {
  uint64_t row_bytes = 0;
  uint64_t rows = 0;
};

[[nodiscard]] MILLRACE_API PlaneExtent visible_extent(PixelFormat format, size_t index,
                                                      uint32_t width, uint32_t height);

/// Bytes of the visible samples alone, without any padding: what one copy of the frame moves.
[[nodiscard]] MILLRACE_API uint64_t payload_bytes(PixelFormat format, uint32_t width,
                                                  uint32_t height);

/// The layout without any padding. Fails for a size of 0 or above 65535.
[[nodiscard]] MILLRACE_API Result<Layout> tight_layout(PixelFormat format, uint32_t width,
                                                       uint32_t height);

/// Fails, with the numbers, unless every plane of `layout` holds its visible rows within `size`.
[[nodiscard]] MILLRACE_API Result<> check_layout(const Layout& layout, uint32_t width,
                                                 uint32_t height, uint64_t size);

}  // namespace millrace
