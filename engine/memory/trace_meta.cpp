// SPDX-License-Identifier: MIT
#include "engine/memory/trace_meta.h"

#include "engine/base/ticks.h"
#include "engine/memory/buffer.h"

namespace millrace {

std::optional<TraceMeta> TraceMeta::transform(const TraceMeta& meta, const MetaTransform& /*how*/) {
  return meta;
}

void note_touch(Buffer& buffer, observe::StageId stage) {
  if (!buffer.find<TraceMeta>() || !buffer.is_writable()) return;
  MetaStore& metas = **buffer.edit_metas();
  if (const auto trace = metas.edit<TraceMeta>()) (*trace)->touch(stage, ticks());
}

}  // namespace millrace
