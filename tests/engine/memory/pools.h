// SPDX-License-Identifier: MIT
// Pools, and an allocator that counts what is made and lost, for the tests of BufferPool.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "engine/memory/system_allocator.h"
#include "engine/memory/wrapped_memory.h"

namespace millrace {

/// Host memory; `made` blocks so far, of which some are `gone`.
class CountingAllocator final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "counting"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    if (made >= fails_from) return fail(ErrorKind::internal, "allocate: none left");
    const Ref<Memory> block = MILLRACE_TRY(host_.allocate(size, params));
    const std::span<std::byte> bytes = MILLRACE_TRY(block->write()).bytes();
    ++made;
    return wrap_memory(bytes, {.release = [counter = gone, block] { ++*counter; }});
  }

  std::atomic<size_t> made{0};
  const std::shared_ptr<std::atomic<size_t>> gone = std::make_shared<std::atomic<size_t>>(0);
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
