// SPDX-License-Identifier: MIT
// Pools, and an allocator that counts what is made and lost, for the tests of BufferPool.
#pragma once

#include <atomic>
#include <cstddef>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "engine/memory/system_allocator.h"

namespace millrace {

/// Host memory; `made` blocks so far.
class CountingAllocator final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "counting"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    if (made >= fails_from) return fail(ErrorKind::internal, "allocate: none left");
    ++made;
    return host_.allocate(size, params);
  }

  std::atomic<size_t> made{0};
  std::atomic<size_t> fails_from{SIZE_MAX};

 private:
  SystemAllocator host_;
};

inline Ref<BufferPool> pool_of(const PoolConfig& config) {
  static SystemAllocator allocator;
  return BufferPool::create(allocator, config).take();
}

inline Ref<BufferPool> pool_of(size_t count, size_t size = 64) {
  return pool_of({.count = exactly(count), .size = size});
}

/// The format's default layout.
inline VideoMeta video_of(PixelFormat format, uint32_t width, uint32_t height) {
  return {.width = width, .height = height, .layout = default_layout(format, width, height).take()};
}

inline const PoolCounterOffer* counter_offer(const Result<PoolAnswer>& answer) {
  return answer ? std::get_if<PoolCounterOffer>(&*answer) : nullptr;
}

inline bool accepted(const Result<PoolAnswer>& answer) {
  return answer && std::holds_alternative<PoolAccepted>(*answer);
}

}  // namespace millrace
