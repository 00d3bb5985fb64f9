// SPDX-License-Identifier: MIT
// Memories in and out of a Buffer.
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

std::vector<size_t> sizes_of(const Buffer& buffer) {
  std::vector<size_t> sizes;
  for (const MemorySlice& slice : buffer.memories()) sizes.push_back(slice.size);
  return sizes;
}

using Sizes = std::vector<size_t>;

TEST(BufferMemories, are_shown_one_after_the_other) {
  const Ref<Buffer> buffer = buffer_with({"one ", "two ", "three"});
  EXPECT_EQ(text_of(*buffer), "one two three");
  EXPECT_EQ(buffer->size(), 13U);
  EXPECT_TRUE(buffer->memories_changed());
}

TEST(BufferMemories, can_be_more_than_anybody_said) {
  const Ref<Buffer> buffer = Buffer::create();
  std::string expected;
  for (size_t index = 0; index < 500; ++index) {
    const std::string text = std::to_string(index);
    ASSERT_TRUE(buffer->append(memory_with(text)).has_value());
    expected += text;
  }
  EXPECT_EQ(buffer->memory_count(), 500U);
  EXPECT_EQ(text_of(*buffer), expected);
}

// NEW RULE (W7): there is no limit of 16, so nothing is merged and nothing is corrupted.
TEST(BufferMemories, case_097_a_seventeenth_goes_where_it_was_told) {
  const Ref<Buffer> buffer = Buffer::create();
  std::string expected;
  for (char letter = 'a'; letter < 'a' + 16; ++letter) {
    const std::string text(10, letter);
    ASSERT_TRUE(buffer->append(memory_with(text)).has_value());
    expected += text;
  }
  ASSERT_TRUE(buffer->insert(5, memory_with("new one")).has_value());
  expected.insert(50, "new one");
  EXPECT_EQ(buffer->memory_count(), 17U);
  EXPECT_EQ(buffer->size(), 167U);
  EXPECT_EQ(text_of(*buffer), expected);
}

TEST(BufferMemories, case_098_ranges_are_removed_and_replaced) {
  const Ref<Buffer> buffer = buffer_of({10, 11, 12, 13, 14});
  ASSERT_TRUE(buffer->remove(1, 2).has_value());
  EXPECT_EQ(sizes_of(*buffer), (Sizes{10, 13, 14}));
  ASSERT_TRUE(buffer->replace(0, 2, memory_of(99)).has_value());
  EXPECT_EQ(sizes_of(*buffer), (Sizes{99, 14}));
  EXPECT_EQ(buffer->size(), 113U);
}

TEST(BufferMemories, are_let_go_when_they_are_removed) {
  const Ref<Memory> memory = memory_of(8);
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  EXPECT_EQ(memory->references(), 2U);
  ASSERT_TRUE(buffer->remove(0, 1).has_value());
  EXPECT_EQ(memory->references(), 1U);
  EXPECT_EQ(buffer->size(), 0U);
  EXPECT_TRUE(buffer->memories_changed());
}

TEST(BufferMemories, stay_as_they_are_while_two_hold_the_buffer) {
  const Ref<Buffer> buffer = buffer_of({10, 11});
  const Ref<Buffer> second = buffer;
  const Ref<Memory> memory = memory_of(5);
  EXPECT_TRUE(refused(buffer->append(memory), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->remove(0, 1), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->replace(0, 2, memory), ErrorKind::denied));
  EXPECT_EQ(sizes_of(*buffer), (Sizes{10, 11}));
  EXPECT_TRUE(memory->is_sole_owner());
}

TEST(BufferMemories, that_somebody_writes_elsewhere_are_refused_and_nothing_changes) {
  const Ref<Memory> memory = memory_of(8);
  const Ref<Buffer> elsewhere = Buffer::create(memory).take();
  const Ref<Buffer> buffer = buffer_of({10, 11});
  ASSERT_TRUE(buffer->resize(4, 12).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{0, 0, 2, 2}).has_value());
  const WriteView view = elsewhere->write().take();
  EXPECT_TRUE(refused(buffer->append(memory), ErrorKind::busy));
  EXPECT_TRUE(refused(Buffer::create(memory), ErrorKind::busy));
  // The window can still be undone.
  ASSERT_TRUE(buffer->resize(-4, 21).has_value());
  EXPECT_EQ(text_of(*buffer), ramp(21));
}

TEST(BufferMemories, that_its_own_writer_has_can_be_added_to_one_buffer) {
  const Ref<Memory> memory = memory_of(8);
  const WriteView view = memory->write().take();
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  EXPECT_TRUE(refused(buffer->read(), ErrorKind::busy));
  EXPECT_TRUE(refused(Buffer::create(memory), ErrorKind::busy));
}

TEST(BufferMemories, added_under_a_window_come_after_what_it_shows) {
  const Ref<Buffer> buffer = buffer_with("abcdefgh");
  ASSERT_TRUE(buffer->resize(2, 3).has_value());
  ASSERT_TRUE(buffer->append(memory_with("XY")).has_value());
  EXPECT_EQ(text_of(*buffer), "cdeXY");
  ASSERT_TRUE(buffer->insert(0, memory_with("!")).has_value());
  EXPECT_EQ(text_of(*buffer), "!cdeXY");
}

TEST(BufferMemories, removed_under_a_window_take_only_their_part_of_it_along) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh", "ijkl"});
  ASSERT_TRUE(buffer->resize(2, 8).has_value());
  ASSERT_TRUE(buffer->remove(1, 1).has_value());
  EXPECT_EQ(text_of(*buffer), "cdij");
}

TEST(BufferMemories, twice_in_one_buffer_are_read_only) {
  const Ref<Memory> memory = memory_with("ab");
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  ASSERT_TRUE(buffer->append(memory).has_value());
  EXPECT_EQ(text_of(*buffer), "abab");
  EXPECT_FALSE(buffer->is_writable(0));
}

}  // namespace
}  // namespace millrace
