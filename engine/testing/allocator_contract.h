// SPDX-License-Identifier: MIT
// What every Allocator keeps to, as tests; for ours and for yours. One source of a gtest program
// includes this and instantiates the suite with functions that make its allocators:
//
//   INSTANTIATE_TEST_SUITE_P(Mine, AllocatorContract, testing::Values(make_mine));
//
// Needs GoogleTest. An allocator that cannot be made here is skipped with its error.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "engine/testing/allocator_file_contract.h"
#include "engine/testing/allocator_fixture.h"
#include "engine/testing/allocator_placing_contract.h"

namespace millrace::test {

TEST_P(AllocatorContract, gives_one_reference_and_no_parent) {
  const Ref<Memory> memory = allocate(64);
  EXPECT_EQ(memory->references(), 1U);
  EXPECT_EQ(memory->parent(), nullptr);
  EXPECT_TRUE(memory->is_writable());
}

TEST_P(AllocatorContract, lets_nobody_share_a_block_that_must_stay_whole) {
  const Ref<Memory> memory = allocate(64, {.flags = {.no_share = true}});
  EXPECT_FALSE(memory->share(0, 8).has_value());
}

TEST_P(AllocatorContract, opens_no_view_of_a_block_that_the_cpu_shall_not_reach) {
  const Ref<Memory> memory = allocate(64, {.flags = {.not_mappable = true}});
  const Result<ReadView> view = memory->read();
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().kind, ErrorKind::unavailable);
}

TEST_P(AllocatorContract, refuses_a_promise_that_it_cannot_keep) {
  const Result<Ref<Memory>> memory =
      allocator_->allocate(64, {.flags = {.physically_contiguous = true}});
  EXPECT_TRUE(!memory || (*memory)->flags().physically_contiguous);
}

TEST_P(AllocatorContract, shows_what_was_written_to_the_next_reader) {
  const Ref<Memory> memory = allocate(4096);
  given(memory->write()).bytes()[4095] = std::byte{42};
  EXPECT_EQ(given(memory->read()).bytes()[4095], std::byte{42});
}

TEST_P(AllocatorContract, lets_many_read_and_one_write) {
  const Ref<Memory> memory = allocate(64);
  {
    const ReadView first = given(memory->read());
    EXPECT_TRUE(memory->read().has_value());
    EXPECT_FALSE(memory->write().has_value());
  }
  const WriteView writer = given(memory->write());
  EXPECT_FALSE(memory->read().has_value());
  EXPECT_FALSE(memory->write().has_value());
}

TEST_P(AllocatorContract, shares_a_part_that_sees_the_same_bytes_and_outlives_the_whole) {
  Ref<Memory> memory = allocate(4096);
  given(memory->write()).bytes()[1001] = std::byte{42};
  const Ref<Memory> part = given(memory->share(1000, 10));
  EXPECT_EQ(address(*part), address(*memory) + 1000);
  EXPECT_FALSE(memory->write().has_value());
  memory = nullptr;
  EXPECT_EQ(part->size(), 10U);
  EXPECT_EQ(given(part->read()).bytes()[1], std::byte{42});
}

TEST_P(AllocatorContract, shows_less_of_a_block_and_all_of_it_again) {
  const Ref<Memory> memory = allocate(1000);
  given(memory->write()).bytes()[50] = std::byte{42};
  ASSERT_TRUE(memory->resize(50, 40).has_value());
  EXPECT_EQ(given(memory->read()).bytes()[0], std::byte{42});
  ASSERT_TRUE(memory->resize(-50, 1000).has_value());
  EXPECT_EQ(given(memory->read()).bytes()[50], std::byte{42});
  EXPECT_FALSE(memory->resize(0, memory->maxsize() - memory->offset() + 1).has_value());
}

TEST_P(AllocatorContract, gives_each_block_an_identity_of_its_own) {
  const Ref<Memory> first = allocate(64);
  const Ref<Memory> second = allocate(64);
  EXPECT_NE(first->identity(), second->identity());
}

TEST_P(AllocatorContract, names_its_kind_and_its_heap_on_every_block) {
  const Ref<Memory> memory = allocate(64);
  EXPECT_EQ(memory->kind(), allocator_->kind());
  EXPECT_EQ(memory->type(), allocator_->heap());
  if (memory->kind() != MemoryKind::device) {
    EXPECT_EQ(memory->fd() >= 0, memory->kind() != MemoryKind::host);
  }
}

TEST_P(AllocatorContract, blocks_outlive_their_allocator) {
  const Ref<Memory> memory = allocate(64);
  allocator_.reset();
  given(memory->write()).bytes()[0] = std::byte{1};
  EXPECT_EQ(given(memory->read()).bytes()[0], std::byte{1});
}

TEST_P(AllocatorContract, serves_several_threads_at_once) {
  std::vector<std::jthread> threads;
  for (int number = 1; number <= 4; ++number) {
    threads.emplace_back([this, mark = static_cast<std::byte>(number)] {
      EXPECT_NO_THROW(write_blocks_of_all_sizes(mark));
    });
  }
}

}  // namespace millrace::test
