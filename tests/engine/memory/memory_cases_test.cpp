// SPDX-License-Identifier: MIT
// The reference cases of memory and of its access word, by number (engine/README.md). Here owners
// are what the reference calls EXCLUSIVE: whoever else can see the bytes.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/buffer.h"
#include "engine/memory/copy.h"
#include "engine/memory/memory.h"
#include "engine/memory/system_allocator.h"
#include "engine/memory/wrapped_memory.h"

namespace millrace {
namespace {

SystemAllocator& heap() {
  static SystemAllocator allocator;
  return allocator;
}

Ref<Memory> allocate(size_t size, const AllocationParams& params = {}) {
  return heap().allocate(size, params).take();
}

Ref<Memory> read_only(std::span<const std::byte> bytes) {
  return wrap_constant(bytes).take();
}

/// Of the visible bytes.
Result<Ref<Memory>> copy(const Memory& from, size_t offset, size_t size) {
  observe::Ledger::Account account(observe::MoveKind::copy, "test", "test", "cpu");
  return copy_block(from, from.offset() + offset, size, heap(), account);
}

// NEW RULE where the reference lets a plain write join any other (W1): it joins only by saying so.

TEST(MemoryLock, case_007_readers_and_owners_may_be_many) {
  const Ref<Memory> memory = allocate(10);
  const ReadView first = memory->read().take();
  const Ref<Memory> one = memory->share(0, 10).take();
  EXPECT_TRUE(memory->read().has_value());
  EXPECT_TRUE(memory->share(0, 10).has_value());
}

// The reference's writer is an owner itself; here the buffer that has the memory is the owner (E).
TEST(MemoryLock, case_008_a_write_lets_joint_ones_in_and_no_owner) {
  const Ref<Memory> memory = allocate(10);
  const Ref<Buffer> owner = Buffer::create(memory).take();
  const WriteView held = memory->write(Access::joined()).take();
  EXPECT_TRUE(memory->read(Access::joined()).has_value());
  EXPECT_TRUE(memory->write(Access::joined()).has_value());
  EXPECT_FALSE(memory->share(0, 10).has_value());
  EXPECT_FALSE(Buffer::create(memory).has_value()) << "a second owner would watch the write";
  // The reference lets these in, and so has two writers that know nothing of each other (W1).
  EXPECT_FALSE(memory->read().has_value());
  EXPECT_FALSE(memory->write().has_value());
}

TEST(MemoryLock, case_013_views_closed_in_any_order_leave_nothing_locked) {
  const Ref<Memory> memory = allocate(10);
  std::optional<WriteView> writer(memory->write(Access::joined()).take());
  std::optional<ReadView> reader(memory->read(Access::joined()).take());
  writer.reset();
  reader.reset();
  EXPECT_TRUE(memory->share(0, 10).has_value());
  EXPECT_TRUE(memory->write().has_value());
}

TEST(MemoryLock, case_014_many_readers_count_no_owner_and_one_too_many_is_an_error) {
  const Ref<Memory> memory = allocate(10);
  std::vector<ReadView> views;
  while (views.size() < 512) views.push_back(memory->read().take());
  EXPECT_TRUE(memory->is_writable());
  while (views.size() < AccessWord::most_readers) views.push_back(memory->read().take());
  const Result<ReadView> refused = memory->read();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  views.clear();
  EXPECT_TRUE(memory->write().has_value());
}

TEST(MemoryCases, case_016_a_part_shows_its_bytes_of_the_whole) {
  const Ref<Memory> memory = allocate(4);
  const ReadView whole = memory->read().take();
  const Ref<Memory> part = memory->share(1, 2).take();
  EXPECT_EQ(part->size(), 2U);
  EXPECT_EQ(part->references(), 1U);
  EXPECT_EQ(part->read().take().bytes().data(), whole.bytes().data() + 1);
}

TEST(MemoryCases, case_017_an_empty_part_can_be_mapped) {
  const Ref<Memory> memory = allocate(4);
  const ReadView whole = memory->read().take();
  const Ref<Memory> part = memory->share(1, 0).take();
  EXPECT_EQ(part->size(), 0U);
  EXPECT_TRUE(part->read().take().bytes().empty());
}

TEST(MemoryCases, case_019_nothing_is_shared_while_it_is_written) {
  const Ref<Memory> memory = allocate(4);
  const WriteView writer = memory->write().take();
  EXPECT_EQ(memory->share(0, 4).error().kind, ErrorKind::busy);
}

TEST(MemoryCases, case_020_neighbours_of_one_block_are_a_span_and_a_block_and_its_part_are_none) {
  const Ref<Memory> root = allocate(4);
  const Ref<Memory> first = root->share(0, 2).take();
  const Ref<Memory> second = root->share(2, 2).take();
  EXPECT_TRUE(is_span(*first, *second).joined);
  EXPECT_EQ(is_span(*first, *second).offset, 0U);
  const Ref<Memory> third = root->share(1, 1).take();
  EXPECT_EQ(is_span(*third, *second).offset, 1U) << "where the first of the two begins";
  EXPECT_FALSE(is_span(*second, *first).joined);
  EXPECT_FALSE(is_span(*root, *second).joined);
  EXPECT_FALSE(is_span(*first, *root).joined);
}

TEST(MemoryCases, case_022_read_only_bytes_are_never_mapped_for_writing) {
  const std::array<std::byte, 27> bytes{};
  const Ref<Memory> memory = read_only(bytes);
  EXPECT_FALSE(memory->write().has_value());
  EXPECT_EQ(memory->read().take().bytes().data(), bytes.data());
  EXPECT_EQ(memory->write().error().kind, ErrorKind::denied);
}

TEST(MemoryCases, case_023_a_copy_of_read_only_bytes_can_be_written) {
  const std::array bytes{std::byte{1}, std::byte{2}, std::byte{3}};
  const Ref<Memory> memory = read_only(bytes);
  const Ref<Memory> mine = copy(*memory, 0, memory->size()).take();
  EXPECT_FALSE(mine->flags().read_only);
  EXPECT_TRUE(std::ranges::equal(mine->write().take().bytes(), bytes));
  EXPECT_TRUE(memory->flags().read_only);
}

TEST(MemoryCases, case_025_read_only_bytes_have_read_only_parts) {
  const std::array<std::byte, 8> bytes{};
  const Ref<Memory> root = read_only(bytes);
  const Ref<Memory> part = root->share(0, 8).take();
  EXPECT_TRUE(part->flags().read_only);
  EXPECT_FALSE(root->write().has_value());
  EXPECT_FALSE(part->write().has_value());
}

TEST(MemoryCases, case_026_a_copy_is_another_memory_of_the_same_size) {
  const Ref<Memory> memory = allocate(4);
  const Ref<Memory> other = copy(*memory, 0, 4).take();
  EXPECT_NE(other, memory);
  EXPECT_EQ(other->size(), 4U);
  EXPECT_EQ(other->offset() % other->align(), 0U);
  EXPECT_EQ(memory->references(), 1U);
  EXPECT_EQ(other->references(), 1U);
}

TEST(MemoryCases, case_028_a_whole_picture_can_be_written_to_its_last_row) {
  const Ref<Memory> memory = allocate(size_t{640} * 480 * 4);
  const WriteView view = memory->write().take();
  EXPECT_EQ(view.size(), 1'228'800U);
  view.bytes()[640 * 479 * 4 + 479] = std::byte{42};
}

TEST(MemoryCases, case_029_a_range_outside_of_the_block_is_refused_and_changes_nothing) {
  const Ref<Memory> memory = allocate(100, {.align = 1});
  const size_t most = memory->maxsize();
  EXPECT_FALSE(memory->resize(200, 50).has_value());
  EXPECT_FALSE(memory->resize(0, most + 1).has_value());
  EXPECT_FALSE(memory->resize(1, most).has_value());
  EXPECT_FALSE(memory->resize(static_cast<ptrdiff_t>(most), 1).has_value());
  EXPECT_EQ(memory->size(), 100U);
  EXPECT_EQ(memory->offset(), 0U);
}

TEST(MemoryCases, case_031_the_visible_bytes_move_within_the_block_and_back) {
  const Ref<Memory> memory = allocate(100, {.align = 1});
  EXPECT_FALSE(memory->resize(-1, 100).has_value());
  ASSERT_TRUE(memory->resize(50, 40).has_value());
  EXPECT_EQ(std::pair(memory->size(), memory->offset()), std::pair(size_t{40}, size_t{50}));
  ASSERT_TRUE(memory->resize(-50, 100).has_value());
  EXPECT_EQ(std::pair(memory->size(), memory->offset()), std::pair(size_t{100}, size_t{0}));
  ASSERT_TRUE(memory->resize(0, 0).has_value());
  EXPECT_EQ(memory->size(), 0U);
  ASSERT_TRUE(memory->resize(0, 100).has_value());
  EXPECT_EQ(memory->size(), 100U);
}

TEST(MemoryCases, case_032_a_view_has_the_bytes_and_says_how_far_the_block_goes) {
  const Ref<Memory> memory = allocate(100, {.align = 1});
  const ReadView view = memory->read().take();
  EXPECT_NE(view.bytes().data(), nullptr);
  EXPECT_EQ(view.size(), 100U);
  EXPECT_EQ(view.maxsize(), memory->maxsize());
  // The reference's map holds no reference (1 stays 1); a view keeps its memory alive on purpose.
  EXPECT_EQ(memory->references(), 2U);
}

TEST(MemoryCases, case_034_two_readers_see_the_same_address) {
  const Ref<Memory> memory = allocate(100);
  {
    const ReadView first = memory->read().take();
    const ReadView second = memory->read().take();
    EXPECT_EQ(first.bytes().data(), second.bytes().data());
  }
  EXPECT_EQ(memory->references(), 1U);
  EXPECT_TRUE(memory->write().has_value()) << "both have ended";
}

TEST(MemoryCases, case_035_nobody_writes_while_somebody_reads) {
  const Ref<Memory> memory = allocate(100);
  const ReadView reader = memory->read().take();
  EXPECT_EQ(memory->write().error().kind, ErrorKind::busy);
  EXPECT_FALSE(memory->write(Access::joined()).has_value());
  EXPECT_TRUE(memory->read().has_value());
}

TEST(MemoryCases, case_037_who_writes_lets_in_only_who_joins_and_no_view_ends_twice) {
  const Ref<Memory> memory = allocate(100);
  {
    std::optional<WriteView> held(memory->write(Access::joined()).take());
    EXPECT_TRUE(memory->read(Access::joined()).has_value());
    EXPECT_TRUE(memory->write(Access::joined()).has_value());
    // W1: an unannounced second one is refused. Ending a view twice cannot be said: it is moved.
    EXPECT_FALSE(memory->write().has_value());
    const WriteView moved = std::move(*held);
    held.reset();
    EXPECT_FALSE(memory->write().has_value());
  }
  EXPECT_TRUE(memory->write().has_value());
}

TEST(MemoryCases, case_038_a_view_keeps_its_range_while_the_memory_changes_its) {
  const Ref<Memory> memory = allocate(100, {.align = 1});
  {
    const ReadView view = memory->read().take();
    ASSERT_TRUE(memory->resize(1, 99).has_value());
    EXPECT_EQ(view.size(), 100U);
  }
  {
    const ReadView view = memory->read().take();
    EXPECT_EQ(view.size(), 99U);
    EXPECT_GE(view.maxsize(), 99U);
    EXPECT_EQ(memory->offset(), 1U);
  }
  ASSERT_TRUE(memory->resize(-1, 100).has_value());
  EXPECT_EQ(std::pair(memory->size(), memory->offset()), std::pair(size_t{100}, size_t{0}));
}

TEST(MemoryCases, case_040_what_was_hidden_is_no_more_known_to_be_zero) {
  const Ref<Memory> memory = allocate(100, {.align = 1,
                                            .prefix = 10,
                                            .padding = 10,
                                            .flags = {.zero_prefixed = true, .zero_padded = true}});
  ASSERT_TRUE(memory->resize(-5, 105).has_value());
  EXPECT_TRUE(memory->flags().zero_prefixed && memory->flags().zero_padded);
  ASSERT_TRUE(memory->resize(5, 100).has_value());
  EXPECT_FALSE(memory->flags().zero_prefixed);
  EXPECT_TRUE(memory->flags().zero_padded);
  ASSERT_TRUE(memory->resize(0, 50).has_value());
  EXPECT_FALSE(memory->flags().zero_padded);
}

/// Memory of a device that refuses.
class Unmappable final : public Memory {
 public:
  Unmappable() : Memory({.maxsize = 16, .size = 16}) {}

 private:
  Result<std::byte*> address() override {
    return fail(ErrorKind::unavailable, "map: the device says no");
  }
};

TEST(MemoryCases, case_046_what_cannot_be_mapped_gives_no_view_and_the_devices_words) {
  const Ref<Memory> memory = make_ref<Unmappable>();
  testing::internal::CaptureStderr();
  EXPECT_EQ(memory->read().error().what, "map: the device says no");
  EXPECT_EQ(memory->write().error().kind, ErrorKind::unavailable);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "the error is the caller's to log";
  EXPECT_EQ(memory->references(), 1U);
  EXPECT_TRUE(memory->share(0, 16).has_value());
}

TEST(MemoryCases, case_047_a_view_ends_with_its_scope) {
  const Ref<Memory> memory = allocate(100);
  {
    const ReadView view = memory->read().take();
    // The reference's map counts none (1 within the scope, too); a view keeps its memory alive, so
    // that it may outlive whoever opened it.
    EXPECT_EQ(memory->references(), 2U);
    EXPECT_FALSE(memory->write().has_value());
  }
  EXPECT_EQ(memory->references(), 1U);
  EXPECT_TRUE(memory->write().has_value());
}

TEST(MemoryCases, case_049_a_copy_of_bytes_that_are_not_there_is_refused) {
  std::array<std::byte, 16> block{};
  const Ref<Memory> memory = wrap_memory(block).take();
  // The reference gives an empty copy; a range outside is an error here, as it is for share (W4).
  EXPECT_FALSE(copy(*memory, 20, 0).has_value());
  EXPECT_EQ((*copy(*memory, 16, 0))->size(), 0U);
}

TEST(MemoryCases, case_050_a_part_outside_of_the_whole_is_refused) {
  const Ref<Memory> memory = allocate(16);
  EXPECT_FALSE(memory->share(8, 1'000'000).has_value());
  EXPECT_FALSE(memory->share(17, 0).has_value());
  EXPECT_FALSE(memory->share(1, SIZE_MAX).has_value());
  EXPECT_TRUE(memory->write().has_value());
}

}  // namespace
}  // namespace millrace
