// SPDX-License-Identifier: MIT
// MemfdAllocator: host memory with a file descriptor, sealed so that nobody can shrink it under us
// and so that /dev/udmabuf would take it.
#pragma once

#include "engine/base/unique_fd.h"
#include "engine/memory/allocator.h"

namespace millrace {

class MILLRACE_API MemfdAllocator final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "memfd"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::memfd; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override;
};

/// A memfd of `size` bytes (a multiple of the page size), sealed against shrinking and growing.
[[nodiscard]] MILLRACE_API Result<UniqueFd> create_sealed_memfd(size_t size);

/// `size` rounded up to whole pages of this machine.
[[nodiscard]] MILLRACE_API Result<size_t> whole_pages(size_t size);

/// Where the visible bytes lie in a block that starts on a page, and the whole pages it takes.
struct PagePlacement {
  size_t offset = 0;
  size_t total = 0;
};

/// Fails for an alignment above a page, which a mapping cannot promise, and for impossible params.
[[nodiscard]] MILLRACE_API Result<PagePlacement> place_in_pages(size_t size,
                                                                const AllocationParams& params);

}  // namespace millrace
