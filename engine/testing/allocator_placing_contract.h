// SPDX-License-Identifier: MIT
// The part of the allocator contract about where the bytes lie and what is in them.
#pragma once

#include <limits>

#include "engine/testing/allocator_fixture.h"

namespace millrace::test {

TEST_P(AllocatorContract, gives_the_asked_size) {
  const Ref<Memory> memory = allocate(100'000);
  EXPECT_EQ(memory->size(), 100'000U);
  EXPECT_EQ(given(memory->read()).bytes().size(), 100'000U);
  EXPECT_GE(memory->maxsize() - memory->offset(), 100'000U);
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
  ASSERT_GE(memory->maxsize(), memory->offset() + 1000 + 700);
  const WriteView view = given(WriteView::open(*memory, memory->offset() - 300, 2000));
  std::ranges::fill(view.bytes(), std::byte{7});
}

TEST_P(AllocatorContract, zeroes_prefix_and_padding_where_that_is_asked) {
  const AllocationParams params{.align = 64,
                                .prefix = 300,
                                .padding = 700,
                                .flags = {.zero_prefixed = true, .zero_padded = true}};
  for (const size_t size : {size_t{100}, size_t{10'000}, size_t{200'000}}) {
    spoil(size, params);
    const Ref<Memory> memory = allocate(size, params);
    const size_t end = memory->offset() + size;
    EXPECT_EQ(memory->flags(), params.flags);
    EXPECT_EQ(set_bytes(*memory, 0, memory->offset()), 0);
    EXPECT_EQ(set_bytes(*memory, end, memory->maxsize() - end), 0);
  }
}

TEST_P(AllocatorContract, zeroes_all_of_a_block_that_nobody_may_write) {
  const AllocationParams params{.flags = {.read_only = true}};
  spoil(100'000, {});
  const Ref<Memory> memory = allocate(100'000, params);
  EXPECT_EQ(set_bytes(*memory, 0, memory->maxsize()), 0);
  EXPECT_FALSE(memory->write().has_value());
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

TEST_P(AllocatorContract, an_empty_block_has_no_bytes_and_can_be_opened) {
  const Ref<Memory> memory = allocate(0);
  EXPECT_TRUE(given(memory->read()).bytes().empty());
}

}  // namespace millrace::test
