// SPDX-License-Identifier: MIT
// What the tests of the allocator contract stand on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/memory/allocator.h"

namespace millrace::test {

using MakeAllocator = Result<std::unique_ptr<Allocator>> (*)();

/// What an allocator or a memory gave. What it refused is thrown: that fails the one test of the
/// contract, and the others go on.
template <class T>
T given(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return result.take();
}

class AllocatorContract : public testing::TestWithParam<MakeAllocator> {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<Allocator>> made = GetParam()();
    if (!made) GTEST_SKIP() << made.error().what << ". " << made.error().remedy;
    allocator_ = made.take();
  }

  Ref<Memory> allocate(size_t size, const AllocationParams& params = {}) {
    return given(allocator_->allocate(size, params));
  }

  /// Leaves behind, for whoever recycles blocks, one without a zero in it.
  void spoil(size_t size, const AllocationParams& params) {
    const Ref<Memory> memory = allocate(size, params);
    const WriteView view = given(WriteView::open(*memory, 0, memory->maxsize()));
    std::ranges::fill(view.bytes(), std::byte{0xff});
  }

  void write_blocks_of_all_sizes(std::byte mark) {
    for (size_t size = 1; size < 200'000; size *= 3) {
      const Ref<Memory> memory = allocate(size);
      std::ranges::fill(given(memory->write()).bytes(), mark);
      const ReadView view = given(memory->read());
      EXPECT_EQ(std::ranges::count(view.bytes(), mark), static_cast<ptrdiff_t>(size));
    }
  }

  std::unique_ptr<Allocator> allocator_;
};

inline uintptr_t address(const Memory& memory) {
  return reinterpret_cast<uintptr_t>(given(memory.read()).bytes().data());
}

/// Bytes of the block, seen and unseen ones, that are not zero.
inline ptrdiff_t set_bytes(const Memory& memory, size_t from, size_t size) {
  const ReadView view = given(ReadView::open(memory, from, size));
  return std::ranges::count_if(view.bytes(), [](std::byte b) { return b != std::byte{0}; });
}

}  // namespace millrace::test
