// SPDX-License-Identifier: MIT
#include "engine/memory/checked_video_meta.h"

#include <algorithm>
#include <list>
#include <span>

#include "engine/base/mutex.h"
#include "engine/format/whole_layout.h"

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
  MILLRACE_TRY(check_totals(meta.layout, meta.width, meta.height));
  const auto memories = std::span(meta.memory).first(meta.layout.plane_count());
  if (std::ranges::any_of(memories, [](uint8_t index) { return index != 0; })) {
    return fail(ErrorKind::internal, "check a VideoMeta once: its planes lie in several memories",
                "Attach it as it is: each buffer then checks it.");
  }
  // All planes end there, or before.
  return CheckedVideoMeta(keep(meta), meta, meta.layout.size);
}

}  // namespace millrace
