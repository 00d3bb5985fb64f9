// SPDX-License-Identifier: MIT
// Tiling: rows of a plane whose bytes lie in tiles, as hardware likes them.
//
// The tile is Intel's Y: 128 bytes by 32 rows, stored as eight columns of 16 bytes.
// https://docs.kernel.org/gpu/drm-uapi.html (I915_FORMAT_MOD_Y_TILED in drm_fourcc.h)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hw/softva/surface.h"

namespace millrace::softva {

inline constexpr size_t tile_width = 128;  ///< bytes
inline constexpr size_t tile_rows = 32;
inline constexpr uint64_t y_tiled_modifier = 0x0100000000000002;

/// Where byte `column` of row `row` is, from the plane's first byte; `pitch` is in whole tiles.
[[nodiscard]] size_t tiled_offset(size_t pitch, size_t row, size_t column);

/// Reads out.size() bytes of a row from `left` on, tiled or not.
void read_row(const Plane& plane, size_t row, size_t left, std::span<uint8_t> out);

/// The same for writing, through the plane's writable mapping, which starts at `memory`.
void write_row(uint8_t* memory, const Plane& plane, size_t row, size_t left,
               std::span<const uint8_t> in);

}  // namespace millrace::softva
