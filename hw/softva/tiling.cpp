// SPDX-License-Identifier: MIT
#include "hw/softva/tiling.h"

#include <algorithm>
#include <cstring>

namespace millrace::softva {
namespace {

constexpr size_t column_width = 16;  // bytes that lie side by side in a tile

/// Calls `part(offset in the plane, first byte of the row, bytes)` for each piece of a row that
/// lies in one place.
template <class Part>
void for_each_piece(const Plane& plane, size_t row, size_t left, size_t bytes, Part&& part) {
  if (!plane.tiled) return part(row * plane.pitch + left, 0, bytes);
  for (size_t done = 0; done < bytes;) {
    const size_t column = left + done;
    const size_t piece = std::min(bytes - done, column_width - column % column_width);
    part(tiled_offset(plane.pitch, row, column), done, piece);
    done += piece;
  }
}

}  // namespace

size_t tiled_offset(size_t pitch, size_t row, size_t column) {
  const size_t band = row / tile_rows * tile_rows * pitch;
  const size_t tile = column / tile_width * tile_width * tile_rows;
  const size_t inside = column % tile_width / column_width * column_width * tile_rows;
  return band + tile + inside + row % tile_rows * column_width + column % column_width;
}

void read_row(const Plane& plane, size_t row, size_t left, std::span<uint8_t> out) {
  const uint8_t* const start = plane.memory->data() + plane.offset;
  for_each_piece(plane, row, left, out.size(), [&](size_t offset, size_t first, size_t bytes) {
    std::memcpy(out.data() + first, start + offset, bytes);
  });
}

void write_row(uint8_t* memory, const Plane& plane, size_t row, size_t left,
               std::span<const uint8_t> in) {
  uint8_t* const start = memory + plane.offset;
  for_each_piece(plane, row, left, in.size(), [&](size_t offset, size_t first, size_t bytes) {
    std::memcpy(start + offset, in.data() + first, bytes);
  });
}

}  // namespace millrace::softva
