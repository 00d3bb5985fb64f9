// SPDX-License-Identifier: MIT
// Frame counter: a frame's number and time as black and white blocks at the top of the picture,
// for a program to read back after the frame has been encoded and decoded.
//
//   frame, 32 bits | checksum, 16 bits | time, 48 bits | checksum of frame and time, 16 bits
//
// most significant bit first, row by row; white is 1. Blocks are squares of at least 8x8 pixels on
// the grid of H.264's transforms, so coding noise moves their middle by a few levels at most. The
// second checksum covers both numbers: a picture torn between them does not read as one of both.
// The counter needs 64x64 pixels; the time is left out where it would take over half the height.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/base/export.h"
#include "engine/stages/paint.h"

namespace millrace {

/// Where the blocks lie; follows from the picture's size alone.
struct CounterGeometry {
  uint32_t columns = 0;  ///< blocks in a row
  uint32_t block = 0;    ///< pixels of a block's side
  bool with_time = false;

  [[nodiscard]] uint32_t bits() const { return with_time ? 112 : 48; }

  [[nodiscard]] uint32_t rows() const { return (bits() + columns - 1) / columns; }
};

/// Nothing for pictures below 64x64.
[[nodiscard]] MILLRACE_API std::optional<CounterGeometry> counter_geometry(uint32_t width,
                                                                           uint32_t height);

struct CounterReading {
  uint32_t frame = 0;
  std::optional<uint64_t> pts_us;  ///< modulo 2^48; none where the picture has no room for it
  friend bool operator==(const CounterReading&, const CounterReading&) = default;
};

struct CounterInks {
  Ink black;
  Ink white;
};

/// `pts_us` is used only where the geometry has the time.
MILLRACE_API void write_counter(const CounterGeometry& geometry, PixelFormat format,
                                const WritePlanes& frame, const CounterInks& inks, uint32_t number,
                                uint64_t pts_us);

/// One 8-bit sample a pixel that is dark for black and bright for white: a luma plane; green of
/// RGB; the upper byte of P010.
struct BrightnessView {
  const std::byte* data = nullptr;  ///< the sample of the first pixel
  size_t stride = 0;                ///< bytes from one row to the next
  uint32_t width = 0;               ///< pixels
  uint32_t height = 0;
  size_t step = 1;  ///< bytes from one pixel to the next
};

/// The brightness of a mapped frame in any format.
[[nodiscard]] MILLRACE_API BrightnessView brightness_of(PixelFormat format,
                                                        const PlaneSpan<const std::byte>& plane0,
                                                        uint32_t width, uint32_t height);

/// What the blocks say; nothing where there are none, where a block is neither dark nor bright, or
/// where a checksum tells that the numbers are not what was written.
[[nodiscard]] MILLRACE_API std::optional<CounterReading> read_counter(
    const BrightnessView& picture);

}  // namespace millrace
