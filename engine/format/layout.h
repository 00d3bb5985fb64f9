// SPDX-License-Identifier: MIT
// Layout: where the planes of a picture lie in a block of bytes. The one layout type of VideoInfo,
// VideoMeta, pools, plans and importers.
//
//   0        plane 0                     offset: the first visible sample, behind the padding
//   |  top   +-------------------+
//   |        |left | visible     |       stride: bytes from a row to the next
//   |        |     |             |       rows: all of them, with those above and below
//   |        +-------------------+
//            plane 1 ...                 size: where the last plane ends
//
// The visible size of the picture stands beside a Layout (VideoFormat, VideoMeta), not in it. Of
// alternating fields, everything here is about one field.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/interlace.h"
#include "engine/format/pixel_format.h"

namespace millrace {

struct PlaneLayout {
  uint64_t offset = 0;  ///< bytes from the first one that a buffer shows of its memory
  uint32_t stride = 0;  ///< bytes from one row to the next
  uint32_t rows = 0;    ///< rows that are allocated, at least the visible ones
  friend bool operator==(const PlaneLayout&, const PlaneLayout&) = default;

  /// What all its rows take; tiled planes as well, as they have whole tiles.
  [[nodiscard]] uint64_t bytes() const { return uint64_t{stride} * rows; }
};

struct Layout {
  PixelFormat format = PixelFormat::nv12;
  uint16_t left = 0;  ///< pixels of padding before every row, whole groups of every plane
  uint16_t top = 0;   ///< rows of padding above the picture, likewise
  Modifier modifier = Modifier::linear;
  uint32_t coded_width = 0;   ///< pixels; at least the visible width and the padding
  uint32_t coded_height = 0;  ///< rows; at least the visible ones and the padding
  std::array<PlaneLayout, max_planes> plane{};
  uint64_t size = 0;  ///< bytes that the planes and their padding take
  friend bool operator==(const Layout&, const Layout&) = default;

  [[nodiscard]] size_t plane_count() const { return facts(format).plane_count; }

  [[nodiscard]] std::span<const PlaneLayout> planes() const {
    return {plane.data(), plane_count()};
  }

  /// Whether the CPU sees pixels in rows when it maps the bytes.
  [[nodiscard]] bool is_linear() const { return modifier == Modifier::linear; }
};

static_assert(sizeof(Layout) <= 96, "a VideoMeta holds it inline and is at most 112 bytes");

/// The part of plane `index` that shows a picture of width x height: whole groups, rounded up.
struct PlaneExtent {
  uint64_t row_bytes = 0;
  uint64_t rows = 0;
};

/// How many groups of `size` pixels cover `length` of them. Most are of 1 or 2: no division.
[[nodiscard]] constexpr uint64_t groups_over(uint32_t length, uint32_t size) {
  if (size == 1) return length;
  return size == 2 ? (uint64_t{length} + 1) / 2 : (uint64_t{length} + size - 1) / size;
}

[[nodiscard]] inline PlaneExtent visible_extent(PixelFormat format, size_t index, uint32_t width,
                                                uint32_t height) {
  const PlaneFacts& plane = facts(format).planes.at(index);
  return {groups_over(width, plane.group_width) * plane.group_bytes,
          groups_over(height, plane.group_height)};
}

/// Bytes of the visible samples alone, without any padding: what one copy of the frame moves. More
/// than 64 bits can tell are UINT64_MAX.
[[nodiscard]] MILLRACE_API uint64_t payload_bytes(PixelFormat format, uint32_t width,
                                                  uint32_t height);

/// Bytes from the first visible sample to the end of the last visible row; nothing where 64 bits
/// cannot tell.
[[nodiscard]] MILLRACE_API std::optional<uint64_t> visible_bytes(const PlaneExtent& visible,
                                                                 uint32_t stride);

/// The stride of plane `index` that holds as many pixels as `first_stride` does in plane 0.
[[nodiscard]] MILLRACE_API uint64_t stride_like_first(PixelFormat format, size_t index,
                                                      uint32_t first_stride);

/// A whole plane with the padding around it.
struct ByteRange {
  uint64_t start = 0;
  uint64_t bytes = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Fails where the padding does not lie before the plane, or the sum exceeds 64 bits.
[[nodiscard]] MILLRACE_API Result<ByteRange> whole_plane(const Layout& layout, size_t index);

/// Without a byte of padding: what files and pipes hold. Errors: `usage` for a side of 0 or above
/// 65535.
[[nodiscard]] MILLRACE_API Result<Layout> tight_layout(PixelFormat format, uint32_t width,
                                                       uint32_t height);

/// What GStreamer and most drivers take a bare "NV12 321x241" for: strides are multiples of 4, and
/// planes have whole groups of rows. `height` is the frame's. Errors: as tight_layout.
[[nodiscard]] MILLRACE_API Result<Layout> default_layout(
    PixelFormat format, uint32_t width, uint32_t height,
    InterlaceMode interlace = InterlaceMode::progressive);

/// Fails, with the numbers, unless every plane of `layout` holds its visible rows within `size`.
[[nodiscard]] MILLRACE_API Result<> check_layout(const Layout& layout, uint32_t width,
                                                 uint32_t height, uint64_t size);

}  // namespace millrace
