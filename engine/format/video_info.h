// SPDX-License-Identifier: MIT
// VideoInfo: a video format together with the layout that its frames have in memory.
#pragma once

#include "engine/format/layout.h"
#include "engine/format/stream_format.h"

namespace millrace {

struct VideoInfo {
  VideoFormat video;
  Layout layout;  ///< of the same pixel format; coded size ≥ visible size
  friend bool operator==(const VideoInfo&, const VideoInfo&) = default;
};

}  // namespace millrace
