// SPDX-License-Identifier: MIT
// What the tests of the allocator contract stand on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include <gtest/gtest.h>

#include "engine/memory/allocator.h"

namespace millrace::test {

using MakeAllocator = Result<std::unique_ptr<Allocator>> (*)();

class AllocatorContract : public testing::TestWithParam<MakeAllocator> {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<Allocator>> made = GetParam()();
    if (!made) GTEST_SKIP() << made.error().what << ". " << made.error().remedy;
    allocator_ = made.take();
  }

  /// What was allocated, or null after a failed expectation.
  Ref<Memory> allocate(size_t size, const AllocationParams& params = {}) {
    Result<Ref<Memory>> memory = allocator_->allocate(size, params);
    EXPECT_TRUE(memory.has_value()) << (memory ? "" : memory.error().what);
    return memory ? memory.take() : nullptr;
  }

  /// Leaves behind, for whoever recycles blocks, one without a zero in it.
  void spoil(size_t size, const AllocationParams& params) {
    const Ref<Memory> memory = allocate(size, params);
    const WriteView view = WriteView::open(*memory, 0, memory->maxsize()).take();
    std::ranges::fill(view.bytes(), std::byte{0xff});
  }

  std::unique_ptr<Allocator> allocator_;
};

inline uintptr_t address(const Memory& memory) {
  return reinterpret_cast<uintptr_t>(memory.read().take().bytes().data());
}

/// Bytes of the block, seen and unseen ones, that are not zero.
inline ptrdiff_t set_bytes(const Memory& memory, size_t from, size_t size) {
  const ReadView view = ReadView::open(memory, from, size).take();
  return std::ranges::count_if(view.bytes(), [](std::byte b) { return b != std::byte{0}; });
}

}  // namespace millrace::test
