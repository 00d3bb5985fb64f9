// SPDX-License-Identifier: MIT
// Meta: typed facts that travel with a buffer. The common ones lie inline in the Buffer.
#pragma once

#include <cstdint>

#include "engine/format/layout.h"

namespace millrace {

/// How the buffer's bytes are a picture. The layout's planes lie in the buffer's first memory.
struct VideoMeta {
  uint32_t width = 0;  ///< visible pixels
  uint32_t height = 0;
  Layout layout;
};

/// The part of the picture to show: [x, x + width) x [y, y + height).
struct CropMeta {
  uint32_t x = 0;
  uint32_t y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const CropMeta&, const CropMeta&) = default;
};

}  // namespace millrace
