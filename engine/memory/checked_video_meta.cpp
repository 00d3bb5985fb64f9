// SPDX-License-Identifier: MIT
#include "engine/memory/checked_video_meta.h"

#include <algorithm>
#include <limits>
#include <list>

#include "engine/base/mutex.h"

namespace millrace {
namespace {

constexpr size_t most_kept = 4096;

struct KeptMetas {
  Mutex mutex;
  std::list<VideoMeta> all MILLRACE_GUARDED_BY(mutex);
};

/// One like `meta` that stays; null where there are too many already.
const VideoMeta* keep(const VideoMeta& meta) {
  static auto* const kept = new KeptMetas;  // never destroyed: buffers may outlive main
  const Lock lock(kept->mutex);
  const auto found = std::ranges::find(kept->all, meta);
  if (found != kept->all.end()) return &*found;
  if (kept->all.size() == most_kept) return nullptr;
  return &kept->all.emplace_front(meta);
}

}  // namespace

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
  return CheckedVideoMeta(keep(meta), meta, end);
}

}  // namespace millrace
