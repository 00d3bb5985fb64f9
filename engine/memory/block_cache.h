// SPDX-License-Identifier: MIT
// BlockCache: large blocks of host memory, kept for a while after their end.
//
// The kernel takes 1.5 us for the first touch of each page, 1 ms for a frame of 1080p. A pipeline
// that is planned anew drops its pool and makes one of the same size: the blocks of the old one are
// its blocks, and no page is touched for the first time again. What is kept is bounded, so a
// program that needs a large block once has at most that much too much; `trim` gives it back.
#pragma once

#include <array>
#include <cstddef>

#include "engine/base/export.h"
#include "engine/base/mutex.h"

namespace millrace {

/// Thread-safe.
class MILLRACE_API BlockCache {
 public:
  /// Whole pages, mapped for reading and writing.
  struct Block {
    std::byte* start = nullptr;
    size_t size = 0;
  };

  static constexpr size_t most_blocks = 64;

  /// The one that SystemAllocator uses.
  static BlockCache& process();

  explicit BlockCache(size_t most_bytes) : most_bytes_(most_bytes) {}

  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  ~BlockCache() { trim(); }

  /// A block of at least `size` bytes (> 0) and at most a quarter more, with whatever lies in it:
  /// the smallest and then newest one that was given back, or else new pages, for which all that is
  /// kept goes where the kernel is short of them. `start` is null where it has none.
  [[nodiscard]] Block take(size_t size) noexcept;

  /// Takes back what `take` gave. The oldest ones make room for it.
  void give(Block block) noexcept;

  /// Gives all that is kept back to the kernel.
  void trim() noexcept;

  /// Bytes kept for later.
  [[nodiscard]] size_t held() const;

 private:
  [[nodiscard]] Block take_kept(size_t size);
  Block remove(size_t index) MILLRACE_REQUIRES(mutex_);

  const size_t most_bytes_;
  mutable Mutex mutex_;
  std::array<Block, most_blocks> kept_ MILLRACE_GUARDED_BY(mutex_);  ///< the oldest first
  size_t count_ MILLRACE_GUARDED_BY(mutex_) = 0;
  size_t bytes_ MILLRACE_GUARDED_BY(mutex_) = 0;
};

}  // namespace millrace
