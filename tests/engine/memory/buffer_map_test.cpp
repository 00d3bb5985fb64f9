// SPDX-License-Identifier: MIT
// The bytes of a Buffer in one piece, or why not.
#include <array>

#include <gtest/gtest.h>

#include "engine/memory/buffer_bytes.h"
#include "engine/memory/wrapped_memory.h"
#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

using BufferMapWithAccount = WithAccount;

TEST(BufferMap, shows_the_window) {
  const Ref<Buffer> buffer = buffer_with("abcdefgh");
  ASSERT_TRUE(buffer->resize(2, 4).has_value());
  EXPECT_EQ(text_of(buffer->read().take()), "cdef");
  buffer->write().take().bytes()[0] = std::byte{'X'};
  ASSERT_TRUE(buffer->resize(-2, 8).has_value());
  EXPECT_EQ(text_of(*buffer), "abXdefgh");
}

TEST(BufferMap, shows_a_part_of_the_window) {
  const Ref<Buffer> buffer = buffer_with("abcdefgh");
  ASSERT_TRUE(buffer->resize(2, 4).has_value());
  EXPECT_EQ(text_of(buffer->read(1, 2).take()), "de");
  buffer->write(3, 1).take().bytes()[0] = std::byte{'X'};
  EXPECT_EQ(text_of(*buffer), "cdeX");
}

TEST(BufferMap, refuses_what_lies_outside_of_the_window) {
  const Ref<Buffer> buffer = buffer_with("abcdefgh");
  ASSERT_TRUE(buffer->resize(2, 4).has_value());
  EXPECT_TRUE(refused(buffer->read(5, 0), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->read(1, 4), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->read(1, SIZE_MAX), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->read(SIZE_MAX, 2), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->write(4, 1), ErrorKind::internal));
}

TEST(BufferMap, case_077_of_no_bytes_is_no_bytes) {
  const Ref<Buffer> buffer = Buffer::create();
  const ReadView view = buffer->read().take();
  EXPECT_EQ(view.bytes().data(), nullptr);
  EXPECT_EQ(view.size(), 0U);
  EXPECT_EQ(view.maxsize(), 0U);
  EXPECT_EQ(buffer->write().take().size(), 0U);
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_EQ(copy->size(), 0U);
  EXPECT_EQ(copy->read().take().bytes().data(), nullptr);
}

TEST(BufferMap, case_077_of_a_memory_of_no_bytes_is_no_bytes) {
  const Ref<Buffer> buffer = buffer_with("");
  ASSERT_EQ(buffer->memory_count(), 1U);
  EXPECT_EQ(buffer->read().take().size(), 0U);
  EXPECT_EQ(buffer->write().take().size(), 0U);
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_EQ(copy->memory_count(), 1U);
  EXPECT_EQ(copy->read().take().size(), 0U);
}

// Reading changes nothing (W8): several memories are shown in pieces, and one piece needs a copy
// that is asked for and booked.
TEST_F(BufferMapWithAccount, case_083_reading_two_memories_merges_nothing_unless_told) {
  const Ref<Buffer> buffer = buffer_of({50, 50});
  Ref<Buffer> second = buffer;
  EXPECT_EQ(text_of(*buffer), ramp(100));
  EXPECT_TRUE(refused(buffer->read(), ErrorKind::unavailable));
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::denied));
  EXPECT_EQ(buffer->memory_count(), 2U);
  second = nullptr;
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::unavailable));
  ASSERT_TRUE(linearize(*buffer, into_).has_value());
  EXPECT_EQ(text_of(buffer->read().take()), ramp(100));
  EXPECT_EQ(buffer->memory_count(), 1U);
  EXPECT_EQ(account_.bytes(), 100U);
}

// One writer at a time, and nothing is copied behind anybody's back (W1, W8): where the reference
// joins the second writer and copies for the reader, both are refused, or wait if they may.
TEST(BufferMap, case_085_a_second_view_of_what_is_written_is_refused) {
  const Ref<Buffer> buffer = buffer_of(100);
  const Memory* const memory = &buffer->memory();
  {
    const WriteView view = buffer->write().take();
    EXPECT_TRUE(refused(buffer->write(), ErrorKind::busy));
    EXPECT_TRUE(refused(buffer->read(), ErrorKind::busy));
  }
  {
    const WriteView view = buffer->write(Access::joined()).take();
    EXPECT_EQ(buffer->write(Access::joined()).take().memory(), memory);
  }
  EXPECT_EQ(buffer->read().take().memory(), memory);
}

// Reading changes nothing (W8), also with the sole reference: there still are three memories.
TEST_F(BufferMapWithAccount, case_086_reading_a_range_of_memories_merges_nothing) {
  const Ref<Buffer> buffer = buffer_of({50, 50, 50});
  Ref<Buffer> second = buffer;
  for (const size_t references : {size_t{2}, size_t{1}}) {
    ASSERT_EQ(buffer->references(), references);
    std::string text;
    for (const Piece& piece : Pieces(*buffer, 50, 100)) text += text_of(piece.read().take());
    EXPECT_EQ(text, ramp(100, 50));
    EXPECT_EQ(text_of(buffer->read(50, 50).take()), ramp(50, 50));
    EXPECT_TRUE(refused(buffer->read(50, 100), ErrorKind::unavailable));
    EXPECT_EQ(buffer->memory_count(), 3U);
    second = nullptr;
  }
  EXPECT_EQ(account_.bytes(), 0U);
}

TEST_F(BufferMapWithAccount, case_086_a_range_of_memories_is_merged_where_that_is_asked_for) {
  const Ref<Buffer> buffer = buffer_of({50, 50, 50});
  const CopyParams last{
      .bytes = CopyParams::Bytes::merge, .offset = 50, .size = 100, .into = &into_};
  const Ref<Buffer> merged = copy_buffer(*buffer, last).take();
  EXPECT_EQ(text_of(merged->read().take()), ramp(100, 50));
  EXPECT_EQ(buffer->memory_count(), 3U);
  EXPECT_EQ(account_.bytes(), 100U);
}

TEST(BufferMap, case_094_a_view_has_a_reference_to_the_memory_while_it_lives) {
  const Ref<Memory> memory = memory_of(10);
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  {
    const ReadView view = buffer->read().take();
    EXPECT_EQ(memory->references(), 3U);
  }
  EXPECT_EQ(memory->references(), 2U);
}

TEST(BufferMap, a_view_keeps_the_bytes_of_a_buffer_that_is_gone) {
  Ref<Buffer> buffer = buffer_with("data");
  const ReadView view = buffer->read().take();
  buffer = nullptr;
  EXPECT_EQ(text_of(view), "data");
}

TEST(BufferMap, neighbours_in_one_block_are_one_piece_for_readers) {
  const Ref<Memory> block = memory_with("abcdefgh");
  const Ref<Buffer> buffer = Buffer::create(block->share(1, 3).take()).take();
  ASSERT_TRUE(buffer->append(block->share(4, 2).take()).has_value());
  const ReadView view = buffer->read().take();
  EXPECT_EQ(text_of(view), "bcdef");
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::denied));
  ASSERT_TRUE(buffer->append(block->share(7, 1).take()).has_value());
  EXPECT_TRUE(refused(buffer->read(), ErrorKind::unavailable));
}

// Nothing is copied behind anybody's back: the reference copies and writes, here the copy on write
// is asked for and booked.
TEST_F(BufferMapWithAccount, case_070_read_only_memory_is_written_in_a_copy_of_its_own) {
  static constexpr std::string_view original = "constant";
  const Ref<Buffer> buffer = Buffer::create(wrap_constant(bytes_of(original)).take()).take();
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::denied));
  EXPECT_FALSE(buffer->memories_changed());
  ASSERT_TRUE(unshare(*buffer, into_).has_value());
  EXPECT_TRUE(buffer->memories_changed());
  buffer->write().take().bytes()[0] = std::byte{'X'};
  EXPECT_EQ(text_of(*buffer), "Xonstant");
  EXPECT_EQ(original, "constant");
  EXPECT_EQ(account_.bytes(), original.size());
}

// NEW RULE (W8): extracting never changes the buffer, whoever maps its memory.
TEST_F(BufferMapWithAccount,
       case_103_extracting_from_what_is_written_is_refused_and_changes_nothing) {
  const Ref<Memory> memory = memory_of(16);
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  const WriteView view = memory->write().take();
  const Ref<Buffer> second = buffer;
  std::array<std::byte, 16> bytes{};
  EXPECT_TRUE(refused(extract_bytes(*buffer, 0, bytes, account_), ErrorKind::busy));
  EXPECT_EQ(buffer->memory_count(), 1U);
  EXPECT_EQ(&buffer->memory(), memory.get());
  EXPECT_EQ(account_.bytes(), 0U);
}

TEST(BufferMap, memory_that_the_cpu_cannot_reach_is_refused_with_the_reason) {
  SystemAllocator allocator;
  const Ref<Buffer> buffer =
      Buffer::create(allocator.allocate(16, {.flags = {.not_mappable = true}}).take()).take();
  EXPECT_TRUE(refused(buffer->read(), ErrorKind::unavailable));
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::unavailable));
}

}  // namespace
}  // namespace millrace
