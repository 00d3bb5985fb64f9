// SPDX-License-Identifier: MIT
// Where a picture of another shape lies in a frame: as large as it goes, centred, undistorted.
#pragma once

#include <cstdint>

#include "engine/base/export.h"

namespace millrace::avformat {

struct PictureSize {
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

struct Box {
  uint32_t x = 0;
  uint32_t y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const Box&, const Box&) = default;
};

/// Both sizes are at least 1x1. A box that does not fill `frame` lies on whole chroma samples: even
/// position, even size.
[[nodiscard]] MILLRACE_API Box letterbox(PictureSize picture, PictureSize frame);

}  // namespace millrace::avformat
