// SPDX-License-Identifier: MIT
// VideoInfo: a video format together with the layout that its frames have in memory.
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/interlace.h"
#include "engine/format/layout.h"
#include "engine/format/stream_format.h"

namespace millrace {

struct VideoInfo {
  VideoFormat video;
  InterlaceMode interlace = InterlaceMode::progressive;
  Layout layout;  ///< of the same pixel format; coded size ≥ visible size
  friend bool operator==(const VideoInfo&, const VideoInfo&) = default;

  /// With the default layout. Errors: `usage` for a side of 0 or above 65535.
  [[nodiscard]] MILLRACE_API static Result<VideoInfo> create(
      const VideoFormat& video, InterlaceMode interlace = InterlaceMode::progressive);

  /// Visible rows in one buffer.
  [[nodiscard]] uint32_t rows() const { return picture_rows(video.height, interlace); }
};

}  // namespace millrace
