// SPDX-License-Identifier: MIT
// Where a picture of another shape lies in a frame: as large as it goes, centred, undistorted.
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/format/rect.h"

namespace millrace {

struct PictureSize {
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// Both sizes are at least 1x1. A part that does not fill `frame` lies on whole chroma samples:
/// even position, even size.
[[nodiscard]] MILLRACE_API Rect letterbox(PictureSize picture, PictureSize frame);

}  // namespace millrace
