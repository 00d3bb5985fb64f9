// SPDX-License-Identifier: MIT
// Copies and views of a Buffer, whose bytes are shared or moved.
#include "engine/memory/buffer_copy.h"

#include <gtest/gtest.h>

#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

using BufferCopy = WithAccount;
using Bytes = CopyParams::Bytes;

void give_times(Buffer& buffer) {
  buffer.timing.pts = Duration(1);
  buffer.timing.dts = Duration(2);
  buffer.timing.duration = Duration(10);
  buffer.timing.offset = 3;
  buffer.timing.offset_end = 4;
}

TEST_F(BufferCopy, shares_the_bytes_and_carries_the_facts) {
  const Ref<Buffer> buffer = buffer_with("data");
  give_times(*buffer);
  buffer->flags.key = true;
  ASSERT_TRUE(buffer->add(CropMeta{1, 2, 3, 4}).has_value());
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_EQ(&copy->memory(), &buffer->memory());
  EXPECT_EQ(text_of(*copy), "data");
  EXPECT_EQ(copy->timing, buffer->timing);
  EXPECT_EQ(copy->flags, buffer->flags);
  ASSERT_NE(copy->crop(), nullptr);
  EXPECT_EQ(copy->crop()->width, 3U);
  EXPECT_FALSE(copy->memories_changed());
}

TEST_F(BufferCopy, carries_only_what_was_named) {
  const Ref<Buffer> buffer = buffer_with("data");
  give_times(*buffer);
  buffer->flags.key = true;
  ASSERT_TRUE(buffer->add(CropMeta{1, 2, 3, 4}).has_value());
  const Ref<Buffer> copy =
      copy_buffer(*buffer, {.flags = false, .timing = false, .metas = false, .bytes = Bytes::none})
          .take();
  EXPECT_EQ(copy->memory_count(), 0U);
  EXPECT_EQ(copy->timing, BufferTiming());
  EXPECT_EQ(copy->flags, BufferFlags());
  EXPECT_EQ(copy->crop(), nullptr);
}

TEST_F(BufferCopy, keeps_what_the_window_hides_for_the_copy_to_show_again) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh"});
  ASSERT_TRUE(buffer->resize(2, 4).has_value());
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_EQ(text_of(*copy), "cdef");
  ASSERT_TRUE(copy->resize(-2, 8).has_value());
  EXPECT_EQ(text_of(*copy), "abcdefgh");
}

TEST_F(BufferCopy, case_064_of_no_bytes_is_empty) {
  const Ref<Buffer> buffer = buffer_of(4);
  const Ref<Buffer> view = view_of(*buffer, 1, 0).take();
  EXPECT_EQ(view->size(), 0U);
  EXPECT_TRUE(view->read().has_value());
}

TEST_F(BufferCopy, case_065_of_the_start_has_the_time_of_the_start_but_not_of_the_end) {
  const Ref<Buffer> buffer = buffer_of(4);
  give_times(*buffer);
  const Ref<Buffer> view = view_of(*buffer, 0, 1).take();
  EXPECT_EQ(view->timing.pts, Duration(1));
  EXPECT_EQ(view->timing.offset, 3U);
  EXPECT_FALSE(view->timing.duration.has_value());
  EXPECT_FALSE(view->timing.offset_end.has_value());
  EXPECT_EQ(view->timing.dts, Duration(2));
}

TEST_F(BufferCopy, case_065_of_what_follows_has_no_time_of_its_own) {
  const Ref<Buffer> buffer = buffer_of(4);
  give_times(*buffer);
  buffer->timing.sequence = 9;
  BufferTiming only_the_number;
  only_the_number.sequence = 9;
  EXPECT_EQ(view_of(*buffer, 1, 3).take()->timing, only_the_number);
}

TEST_F(BufferCopy, case_067_regions_that_are_neighbours_are_one_piece_again) {
  const Ref<Memory> memory = memory_with("data");
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  const Ref<Buffer> a = view_of(*buffer, 0, 2).take();
  const Ref<Buffer> b = view_of(*buffer, 2, 2).take();
  ASSERT_TRUE(copy_into(*b, *a).has_value());
  EXPECT_EQ(a->size(), 4U);
  EXPECT_EQ(text_of(a->read().take()), "data");
  EXPECT_EQ(a->references(), 1U);
  EXPECT_EQ(b->references(), 1U);
}

// A copy is never silent: the merge that the reference does while mapping is asked for.
TEST_F(BufferCopy, case_068_regions_in_another_order_are_merged_when_asked) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Ref<Buffer> a = view_of(*buffer, 0, 2).take();
  const Ref<Buffer> b = view_of(*buffer, 2, 2).take();
  ASSERT_TRUE(copy_into(*a, *b).has_value());
  EXPECT_TRUE(refused(b->read(), ErrorKind::unavailable));
  EXPECT_EQ(text_of(*b), "tada");
  ASSERT_TRUE(linearize(*b, into_).has_value());
  EXPECT_EQ(text_of(b->read().take()), "tada");
  EXPECT_EQ(account_.bytes(), 4U);
}

// A copy is never silent: bytes that somebody writes are shared with nobody, and a deep copy has to
// wait for the writer as every reader does.
TEST_F(BufferCopy, case_076_of_what_is_written_is_refused_and_afterwards_independent) {
  const Ref<Buffer> buffer = buffer_with("data");
  const CopyParams deep{.bytes = Bytes::deep, .into = &into_};
  {
    const WriteView view = buffer->write().take();
    EXPECT_TRUE(refused(copy_buffer(*buffer), ErrorKind::busy));
    EXPECT_TRUE(refused(copy_buffer(*buffer, deep), ErrorKind::busy));
  }
  const Ref<Buffer> copy = copy_buffer(*buffer, deep).take();
  std::ranges::fill(copy->write().take().bytes(), std::byte{0x80});
  EXPECT_EQ(text_of(*buffer), "data");
  EXPECT_EQ(text_of(*copy), std::string(4, '\x80'));
}

// A copy is never silent: what may not be shared is copied only where the caller says where to.
TEST_F(BufferCopy, case_100_of_memory_that_may_not_be_shared_is_new_memory) {
  const Ref<Buffer> buffer =
      Buffer::create(memory_with("abcdefgh", {.prefix = 10, .flags = {.no_share = true}})).take();
  EXPECT_TRUE(refused(copy_buffer(*buffer), ErrorKind::denied));
  EXPECT_TRUE(refused(view_of(*buffer, 2, 3), ErrorKind::denied));
  EXPECT_TRUE(buffer->is_writable(0));
  const Ref<Buffer> copy = copy_buffer(*buffer, {.into = &into_}).take();
  const Ref<Buffer> region = copy_buffer(*buffer, {.offset = 2, .size = 3, .into = &into_}).take();
  EXPECT_NE(&copy->memory(), &buffer->memory());
  EXPECT_NE(&region->memory(), &buffer->memory());
  EXPECT_EQ(text_of(*copy), "abcdefgh");
  EXPECT_EQ(text_of(*region), "cde");
  EXPECT_TRUE(copy->is_writable(0));
  EXPECT_EQ(account_.bytes(), 11U);
}

TEST_F(BufferCopy, outside_of_the_window_is_refused) {
  const Ref<Buffer> buffer = buffer_of(8);
  ASSERT_TRUE(buffer->resize(2, 4).has_value());
  EXPECT_TRUE(refused(view_of(*buffer, 5, 0), ErrorKind::internal));
  EXPECT_TRUE(refused(view_of(*buffer, 0, 5), ErrorKind::internal));
  EXPECT_TRUE(refused(view_of(*buffer, 2, SIZE_MAX - 1), ErrorKind::internal));
  EXPECT_TRUE(refused(copy_buffer(*buffer, {.offset = SIZE_MAX}), ErrorKind::internal));
}

TEST_F(BufferCopy, deep_moves_the_window_only_and_books_it) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh", "ijkl"});
  ASSERT_TRUE(buffer->resize(2, 8).has_value());
  const Ref<Buffer> copy = copy_buffer(*buffer, {.bytes = Bytes::deep, .into = &into_}).take();
  EXPECT_EQ(text_of(*copy), "cdefghij");
  EXPECT_EQ(copy->memory_count(), 3U);
  EXPECT_EQ(account_.bytes(), 8U);
  EXPECT_EQ(account_.moves(), 3U);
  EXPECT_TRUE(buffer->is_writable(0));
}

// Behind a cut the planes are elsewhere, though there is room for them.
TEST_F(BufferCopy, deep_of_a_window_does_not_say_where_the_planes_were) {
  const Ref<Buffer> buffer = buffer_of(200);
  ASSERT_TRUE(buffer->add(nv12(8, 8)).has_value());
  const CopyParams deep{.bytes = Bytes::deep, .into = &into_};
  EXPECT_NE(copy_buffer(*buffer, deep).take()->video(), nullptr);
  ASSERT_TRUE(buffer->resize(10, 150).has_value());
  EXPECT_EQ(copy_buffer(*buffer, deep).take()->video(), nullptr);
}

// The empty memory has no copy, so that planes in memory 2 would be in the one behind.
TEST_F(BufferCopy, deep_of_an_empty_memory_does_not_say_where_the_planes_were) {
  const Ref<Buffer> buffer = buffer_of({96, 0, 96, 96});
  VideoMeta video = nv12(8, 8);
  video.memory = {2, 2};
  ASSERT_TRUE(buffer->add(video).has_value());
  const Ref<Buffer> copy = copy_buffer(*buffer, {.bytes = Bytes::deep, .into = &into_}).take();
  EXPECT_EQ(copy->memory_count(), 3U);
  EXPECT_EQ(copy->video(), nullptr);
}

TEST_F(BufferCopy, with_bytes_of_its_own_needs_to_be_told_where_they_go) {
  const Ref<Buffer> buffer = buffer_of(8);
  EXPECT_TRUE(refused(copy_buffer(*buffer, {.bytes = Bytes::deep}), ErrorKind::denied));
  EXPECT_TRUE(refused(copy_buffer(*buffer, {.bytes = Bytes::merge}), ErrorKind::denied));
}

TEST_F(BufferCopy, onto_itself_is_nothing) {
  const Ref<Buffer> buffer = buffer_with("data");
  ASSERT_TRUE(copy_into(*buffer, *buffer).has_value());
  EXPECT_EQ(text_of(*buffer), "data");
}

TEST_F(BufferCopy, into_another_comes_behind_what_is_there) {
  const Ref<Buffer> buffer = buffer_with("data");
  give_times(*buffer);
  const Ref<Buffer> target = buffer_with("abcd");
  ASSERT_TRUE(target->resize(1, 2).has_value());
  ASSERT_TRUE(copy_into(*buffer, *target).has_value());
  EXPECT_EQ(text_of(*target), "bcdata");
  EXPECT_EQ(target->timing, buffer->timing);
}

// W11: the reference leaves flags and times changed when it fails, and removes what it never added.
TEST_F(BufferCopy, into_another_that_fails_leaves_it_as_it_was) {
  const Ref<Buffer> buffer = buffer_with({"da", "ta"});
  give_times(*buffer);
  ASSERT_TRUE(buffer->add(CropMeta{1, 2, 3, 4}).has_value());
  const Ref<Buffer> target = buffer_with("abcd");
  ASSERT_TRUE(target->resize(1, 2).has_value());
  const WriteView view = buffer->write(2, 2).take();
  EXPECT_TRUE(refused(copy_into(*buffer, *target), ErrorKind::busy));
  EXPECT_EQ(target->timing, BufferTiming());
  EXPECT_EQ(target->crop(), nullptr);
  EXPECT_FALSE(target->memories_changed());
  ASSERT_TRUE(target->resize(-1, 4).has_value());
  EXPECT_EQ(text_of(*target), "abcd");
  EXPECT_TRUE(buffer->is_writable(0));
}

TEST_F(BufferCopy, into_one_that_somebody_else_holds_is_refused) {
  const Ref<Buffer> target = buffer_with("abcd");
  const Ref<Buffer> second = target;
  EXPECT_TRUE(refused(copy_into(*buffer_with("data"), *target), ErrorKind::denied));
  EXPECT_EQ(text_of(*target), "abcd");
}

TEST_F(BufferCopy, unshared_has_bytes_of_its_own_where_it_needs_them) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh"});
  const Ref<Buffer> view = view_of(*buffer, 2, 4).take();
  ASSERT_TRUE(view->append(memory_with("own")).has_value());
  ASSERT_TRUE(unshare(*view, into_).has_value());
  EXPECT_EQ(text_of(*view), "cdefown");
  EXPECT_EQ(account_.bytes(), 4U);
  for (size_t index = 0; index < 3; ++index) EXPECT_TRUE(view->is_writable(index));
  EXPECT_TRUE(buffer->is_writable(0) && buffer->is_writable(1));
}

TEST_F(BufferCopy, unshared_belongs_to_a_parent_only_while_it_has_bytes_of_others) {
  const Ref<Buffer> buffer = buffer_with("abcd");
  const Ref<Buffer> parent = Buffer::create();
  const Ref<Buffer> all = copy_buffer(*buffer).take();
  const Ref<Buffer> part = copy_buffer(*buffer).take();
  ASSERT_TRUE(part->append(memory_with("own")).has_value());
  ASSERT_TRUE(all->add(ParentBufferMeta{parent}).has_value());
  ASSERT_TRUE(part->add(ParentBufferMeta{parent}).has_value());
  ASSERT_TRUE(unshare(*all, into_).has_value());
  EXPECT_EQ(all->find<ParentBufferMeta>(), nullptr);
  ASSERT_TRUE(unshare(*part, into_).has_value());
  EXPECT_NE(part->find<ParentBufferMeta>(), nullptr);
}

TEST_F(BufferCopy, unsharing_that_fails_half_way_leaves_the_buffer_as_it_was) {
  const Ref<Buffer> buffer = buffer_with("abcd");
  const Ref<Memory> unreachable = allocator_.allocate(4, {.flags = {.not_mappable = true}}).take();
  ASSERT_TRUE(buffer->append(unreachable).has_value());
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  ASSERT_TRUE(copy->resize(1, 6).has_value());
  EXPECT_TRUE(refused(unshare(*copy, into_), ErrorKind::unavailable));
  EXPECT_EQ(&copy->memory(0), &buffer->memory(0));
  EXPECT_EQ(&copy->memory(1), unreachable.get());
  EXPECT_EQ(copy->size(), 6U);
  EXPECT_TRUE(copy->resize(-1, 8).has_value());
}

TEST_F(BufferCopy, linearized_is_one_memory_and_only_if_it_was_not_one_piece) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh"});
  ASSERT_TRUE(buffer->resize(1, 6).has_value());
  ASSERT_TRUE(linearize(*buffer, into_).has_value());
  EXPECT_EQ(buffer->memory_count(), 1U);
  EXPECT_EQ(text_of(buffer->read().take()), "bcdefg");
  EXPECT_EQ(account_.bytes(), 6U);
  ASSERT_TRUE(linearize(*buffer, into_).has_value());
  EXPECT_EQ(account_.bytes(), 6U);
}

TEST_F(BufferCopy, linearized_does_not_say_how_the_bytes_lay) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh"});
  ASSERT_TRUE(buffer->add(LyingMeta{}).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{1, 2, 3, 4}).has_value());
  ASSERT_TRUE(linearize(*buffer, into_).has_value());
  EXPECT_EQ(names_of(*buffer), std::vector<std::string>{"CropMeta"});
}

TEST_F(BufferCopy, linearizing_or_unsharing_needs_the_sole_reference) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh"});
  const Ref<Buffer> second = buffer;
  EXPECT_TRUE(refused(linearize(*buffer, into_), ErrorKind::denied));
  EXPECT_TRUE(refused(unshare(*buffer, into_), ErrorKind::denied));
  EXPECT_EQ(account_.bytes(), 0U);
}

}  // namespace
}  // namespace millrace
