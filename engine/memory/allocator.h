// SPDX-License-Identifier: MIT
// Allocator: makes Memory. AllocationParams: how the bytes around the visible ones must lie.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/memory/memory.h"

namespace millrace {

struct AllocationParams {
  size_t align = 64;    ///< of the first visible byte; a power of two
  size_t prefix = 0;    ///< bytes kept free before the visible ones
  size_t padding = 0;   ///< bytes kept free after them
  MemoryFlags flags{};  ///< of the block; what a flag promises of the bytes, the allocator does
  friend bool operator==(const AllocationParams&, const AllocationParams&) = default;
};

/// Thread-safe; outlives the pools that use it, but not necessarily the memory that it made.
class MILLRACE_API Allocator {
 public:
  virtual ~Allocator() = default;

  /// The heap's name in plans, and the type of its blocks: "host", "memfd", "udmabuf". Always the
  /// same.
  [[nodiscard]] virtual std::string_view heap() const = 0;
  [[nodiscard]] virtual MemoryKind kind() const = 0;

  /// A block with `size` visible bytes, which are whatever lay there before; those around them are
  /// zero where `params.flags` say so, and all of a read-only block is.
  [[nodiscard]] virtual Result<Ref<Memory>> allocate(size_t size,
                                                     const AllocationParams& params) = 0;
};

/// The bytes that a block of `size` visible bytes takes in ordinary memory, wherever it starts, or
/// the error of impossible params. `unavailable` for what ordinary memory cannot promise.
[[nodiscard]] MILLRACE_API Result<size_t> block_size(size_t size, const AllocationParams& params);

}  // namespace millrace
