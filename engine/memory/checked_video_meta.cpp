// SPDX-License-Identifier: MIT
#include "engine/memory/checked_video_meta.h"

#include <algorithm>
#include <limits>

namespace millrace {

Result<CheckedVideoMeta> CheckedVideoMeta::create(const VideoMeta& meta) {
  MILLRACE_TRY(
      check_layout(meta.layout, meta.width, meta.height, std::numeric_limits<uint64_t>::max()));
  uint64_t end = 0;
  for (size_t index = 0; index < meta.layout.plane_count(); ++index) {
    if (meta.memory[index] != 0) {
      return fail(ErrorKind::internal, "check a VideoMeta once: its planes lie in several memories",
                  "Attach it as it is: each buffer then checks it.");
    }
    const VideoPlane plane = meta.plane(index);
    end = std::max(end, plane.offset + plane.extent);
  }
  return CheckedVideoMeta(meta, end);
}

}  // namespace millrace
