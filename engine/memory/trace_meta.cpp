// SPDX-License-Identifier: MIT
#include "engine/memory/trace_meta.h"

#include "engine/base/ticks.h"
#include "engine/memory/buffer.h"

namespace millrace {

std::optional<TraceMeta> TraceMeta::transform(const TraceMeta& meta, const MetaTransform& /*how*/) {
  return meta;
}

void note_touch(Buffer& buffer, observe::StageId stage) {
  MetaStore* const metas = buffer.find<TraceMeta>() ? buffer.metas() : nullptr;
  if (!metas) return;
  if (const auto trace = metas->edit<TraceMeta>()) (*trace)->touch(stage, ticks());
}

}  // namespace millrace
