// SPDX-License-Identifier: MIT
// NV12 frames with a moving picture in them, and how near a decoded one comes to it.
#pragma once

#include <cstdint>

#include "engine/memory/allocator.h"
#include "engine/memory/buffer.h"

namespace millrace::vaapi::testing {

struct FrameShape {
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t stride = 0;  ///< 0: the width rounded up to 256
  uint32_t rows = 0;    ///< of Y; 0: the height rounded up to 32
};

/// Brightness of the moving picture at one place.
[[nodiscard]] uint8_t luma_at(uint32_t x, uint32_t y, uint64_t number);

/// A frame of memory from `allocator`, with the picture of that number.
[[nodiscard]] Ref<Buffer> make_frame(Allocator& allocator, const FrameShape& shape,
                                     uint64_t number);

/// Paints another picture into a frame.
void paint(Buffer& frame, uint64_t number);

}  // namespace millrace::vaapi::testing
