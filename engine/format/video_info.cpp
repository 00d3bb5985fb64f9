// SPDX-License-Identifier: MIT
#include "engine/format/video_info.h"

namespace millrace {

Result<VideoInfo> VideoInfo::create(const VideoFormat& video, InterlaceMode interlace) {
  const Layout layout =
      MILLRACE_TRY(default_layout(video.format, video.width, video.height, interlace));
  return VideoInfo{video, interlace, layout};
}

}  // namespace millrace
