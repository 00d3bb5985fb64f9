// SPDX-License-Identifier: MIT
// What every Allocator keeps to. A test program includes this and instantiates the suite with its
// allocators:
//   INSTANTIATE_TEST_SUITE_P(Heaps, AllocatorContract, testing::Values(make_memfd), heap_name);
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

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

  Ref<Memory> allocate(size_t size, const AllocationParams& params = {}) {
    Result<Ref<Memory>> memory = allocator_->allocate(size, params);
    EXPECT_TRUE(memory.has_value()) << (memory ? "" : memory.error().what);
    return memory ? memory.take() : nullptr;
  }

  std::unique_ptr<Allocator> allocator_;
};

inline uintptr_t address(Memory& memory) {
  return reinterpret_cast<uintptr_t>(memory.read().take().bytes().data());
}

TEST_P(AllocatorContract, gives_the_asked_size_zeroed) {
  const Ref<Memory> memory = allocate(100'000);
  const ReadView view = memory->read().take();
  EXPECT_EQ(view.bytes().size(), 100'000U);
  EXPECT_TRUE(std::ranges::all_of(view.bytes(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST_P(AllocatorContract, aligns_the_first_visible_byte_whatever_the_prefix) {
  for (const size_t align : {size_t{1}, size_t{64}, size_t{256}, size_t{4096}}) {
    for (const size_t prefix : {size_t{0}, size_t{1}, size_t{100}, size_t{5000}}) {
      const Ref<Memory> memory = allocate(1000, {.align = align, .prefix = prefix});
      EXPECT_EQ(address(*memory) % align, 0U) << "align " << align << ", prefix " << prefix;
      EXPECT_GE(memory->offset(), prefix);
      EXPECT_EQ(memory->align(), align);
    }
  }
}

TEST_P(AllocatorContract, keeps_prefix_and_padding_free_around_the_visible_bytes) {
  const Ref<Memory> memory = allocate(1000, {.align = 64, .prefix = 300, .padding = 700});
  EXPECT_GE(memory->maxsize(), memory->offset() + 1000 + 700);
  ASSERT_TRUE(memory->set_range(memory->offset() - 300, 2000).has_value());
  WriteView view = memory->write().take();
  std::ranges::fill(view.bytes(), std::byte{7});
}

TEST_P(AllocatorContract, shows_what_was_written_to_the_next_reader) {
  const Ref<Memory> memory = allocate(4096);
  memory->write().take().bytes()[4095] = std::byte{42};
  EXPECT_EQ(memory->read().take().bytes()[4095], std::byte{42});
}

TEST_P(AllocatorContract, refuses_an_alignment_that_is_no_power_of_two) {
  EXPECT_FALSE(allocator_->allocate(64, {.align = 48}).has_value());
  EXPECT_FALSE(allocator_->allocate(64, {.align = 0}).has_value());
}

TEST_P(AllocatorContract, refuses_sizes_whose_sum_wraps) {
  constexpr size_t most = std::numeric_limits<size_t>::max();
  EXPECT_FALSE(allocator_->allocate(most, {}).has_value());
  EXPECT_FALSE(allocator_->allocate(most - 32, {.align = 64}).has_value());
  EXPECT_FALSE(allocator_->allocate(64, {.prefix = most}).has_value());
  EXPECT_FALSE(allocator_->allocate(64, {.padding = most - 64}).has_value());
}

TEST_P(AllocatorContract, refuses_more_than_any_machine_has_with_an_error) {
  const Result<Ref<Memory>> memory = allocator_->allocate(size_t{1} << 62, {});
  ASSERT_FALSE(memory.has_value());
  EXPECT_FALSE(memory.error().what.empty());
}

TEST_P(AllocatorContract, gives_each_block_an_identity_of_its_own) {
  const Ref<Memory> first = allocate(64);
  const Ref<Memory> second = allocate(64);
  EXPECT_NE(first->identity(), second->identity());
}

TEST_P(AllocatorContract, names_its_kind_on_every_block) {
  const Ref<Memory> memory = allocate(64);
  EXPECT_EQ(memory->kind(), allocator_->kind());
  EXPECT_EQ(memory->fd() >= 0, memory->kind() != MemoryKind::host);
}

TEST_P(AllocatorContract, blocks_outlive_their_allocator) {
  const Ref<Memory> memory = allocate(64);
  allocator_.reset();
  memory->write().take().bytes()[0] = std::byte{1};
  EXPECT_EQ(memory->read().take().bytes()[0], std::byte{1});
}

TEST_P(AllocatorContract, an_empty_block_has_no_bytes_and_can_be_opened) {
  const Ref<Memory> memory = allocate(0);
  EXPECT_TRUE(memory->read().take().bytes().empty());
}

}  // namespace millrace::test
