// SPDX-License-Identifier: MIT
// SystemAllocator: aligned memory of this process, without a file behind it.
#pragma once

#include "engine/memory/allocator.h"

namespace millrace {

/// Thread-safe. Blocks of 64 KiB and more come from BlockCache::process() and go back there.
class MILLRACE_API SystemAllocator final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "host"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override;
};

}  // namespace millrace
