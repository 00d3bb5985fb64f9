// SPDX-License-Identifier: MIT
// InterlaceMode: how the two fields of an interlaced picture lie in buffers.
#pragma once

#include <cstdint>

namespace millrace {

enum class InterlaceMode : uint8_t {
  progressive,
  interleaved,  ///< both fields in one buffer, row by row
  alternate,    ///< one field a buffer: half the rows
};

/// Rows of the picture in one buffer: those of the frame, or of the larger field.
[[nodiscard]] constexpr uint32_t picture_rows(uint32_t frame_height, InterlaceMode interlace) {
  return interlace == InterlaceMode::alternate ? frame_height / 2 + frame_height % 2 : frame_height;
}

}  // namespace millrace
