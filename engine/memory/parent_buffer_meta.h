// SPDX-License-Identifier: MIT
// ParentBufferMeta: keeps another buffer, whose bytes are seen here, alive and lent.
//
// A copy of a pooled buffer needs none: Buffer::origin does that.
#pragma once

#include <optional>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

struct MILLRACE_API ParentBufferMeta {
  static constexpr MetaFacts facts{.name = "ParentBufferMeta",
                                   .api = "ParentBufferMeta",
                                   .tags = {MetaTag::memory_reference},
                                   .version = 0};

  Ref<Buffer> buffer;

  [[nodiscard]] static std::optional<ParentBufferMeta> transform(const ParentBufferMeta& meta,
                                                                 const MetaTransform& how);
};

}  // namespace millrace
