// SPDX-License-Identifier: MIT
#include "engine/memory/trace_meta.h"

namespace millrace {

std::optional<TraceMeta> TraceMeta::transform(const TraceMeta& meta, const MetaTransform& /*how*/) {
  return meta;
}

}  // namespace millrace
