// SPDX-License-Identifier: MIT
#include "engine/memory/parent_buffer_meta.h"

#include "engine/memory/buffer.h"

namespace millrace {

std::optional<ParentBufferMeta> ParentBufferMeta::transform(const ParentBufferMeta& meta,
                                                            const MetaTransform& how) {
  if (!std::holds_alternative<CopyTransform>(how)) return std::nullopt;
  return meta;
}

}  // namespace millrace
