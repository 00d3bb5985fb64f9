// SPDX-License-Identifier: MIT
// Memory over bytes that somebody else has allocated: an array, a library's frame, a file.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/memory/memory.h"

namespace millrace {

struct WrapParams {
  size_t offset = 0;             ///< of the first visible byte
  std::optional<size_t> size{};  ///< visible bytes; without it all from `offset` on
  size_t align = 0;              ///< of the first visible byte; 0: as it lies
  MemoryFlags flags{};           ///< what is true of the bytes
  /// Called once, when nobody can see the bytes any more, on the thread that let them go; not where
  /// wrapping failed. Must not throw.
  std::function<void()> release{};
};

/// `block` stays where it is until `release` is called. Errors: an address that is null,
/// visible bytes outside of the block, or less aligned than was said. A block of no bytes is one.
[[nodiscard]] MILLRACE_API Result<Ref<Memory>> wrap_memory(std::span<std::byte> block,
                                                           WrapParams params = {});

/// The same for bytes that nobody may write: the memory is read-only.
[[nodiscard]] MILLRACE_API Result<Ref<Memory>> wrap_constant(std::span<const std::byte> block,
                                                             WrapParams params = {});

/// All of a regular file or memfd, mapped once, for writing too unless the flags say read-only.
/// Whoever else writes to the file is seen; nobody may cut it shorter (a sealed memfd cannot be).
/// Errors: as wrap_memory; `usage` for what is no such file (a dma-buf is imported by hw/dmabuf);
/// those of mmap, `denied` where the file is not open for that.
[[nodiscard]] MILLRACE_API Result<Ref<Memory>> wrap_file(UniqueFd file, WrapParams params = {});

/// The same; the descriptor stays the caller's, open until `release` is called.
[[nodiscard]] MILLRACE_API Result<Ref<Memory>> wrap_borrowed_file(int file, WrapParams params = {});

}  // namespace millrace
