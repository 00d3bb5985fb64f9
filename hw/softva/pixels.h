// SPDX-License-Identifier: MIT
// Which pixels of a surface an encoder reads: the surface's own where it is linear and covers the
// picture, else a copy, which repeats its last column and row.
#pragma once

#include <cstdint>
#include <vector>

#include "hw/softva/h264_encoder.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

/// A part of the coded picture, in pixels; even numbers.
struct Window {
  uint32_t left = 0;
  uint32_t top = 0;
  uint32_t width = 0;
  uint32_t height = 0;
};

/// `padded` keeps the copy, where one is needed, until the next call.
[[nodiscard]] Pixels pixels_of(const Surface& surface, Window window, std::vector<uint8_t>& padded);

/// NV12 of `width` x `height` without padding, in `bytes`, which gets the size for it.
[[nodiscard]] Pixels tight_pixels(uint32_t width, uint32_t height, std::vector<uint8_t>& bytes);

/// As many of `pixels` without padding.
[[nodiscard]] std::vector<uint8_t> copy_of(const Pixels& pixels, uint32_t width, uint32_t height);

}  // namespace millrace::softva
