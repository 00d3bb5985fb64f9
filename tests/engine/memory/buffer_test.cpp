// SPDX-License-Identifier: MIT
#include "engine/memory/buffer.h"

#include <utility>

#include <gtest/gtest.h>

#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

TEST(Buffer, holds_its_memory) {
  const Ref<Memory> memory = memory_of(64);
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  ASSERT_EQ(buffer->memory_count(), 1U);
  EXPECT_EQ(&buffer->memory(), memory.get());
  EXPECT_FALSE(memory->is_sole_owner());
}

TEST(Buffer, outside_a_pool_lets_its_memory_go_when_it_dies) {
  const Ref<Memory> memory = memory_of(64);
  {
    const Ref<Buffer> buffer = Buffer::create(memory).take();
    EXPECT_EQ(buffer->pool(), nullptr);
  }
  EXPECT_TRUE(memory->is_sole_owner());
  EXPECT_TRUE(memory->is_writable());
}

TEST(Buffer, starts_without_times_flags_and_metas) {
  const Ref<Buffer> buffer = buffer_of(64);
  EXPECT_EQ(buffer->timing, BufferTiming());
  EXPECT_FALSE(buffer->timing.pts || buffer->timing.offset_end);
  EXPECT_EQ(buffer->flags, BufferFlags());
  EXPECT_EQ(buffer->metas().count(), 0U);
  EXPECT_FALSE(buffer->has_fences());
}

TEST(Buffer, shows_the_visible_bytes_of_its_memory) {
  const Ref<Memory> memory = memory_of(64);
  ASSERT_TRUE(memory->resize(8, 40).has_value());
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  EXPECT_EQ(text_of(*buffer), ramp(40, 8));
}

TEST(Buffer, keeps_showing_what_it_showed_when_a_memory_is_resized_afterwards) {
  const Ref<Memory> memory = memory_of(64);
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  ASSERT_TRUE(memory->resize(8, 40).has_value());
  EXPECT_EQ(text_of(*buffer), ramp(64));
}

TEST(Buffer, case_001_is_writable_with_one_reference_only) {
  const Ref<Buffer> buffer = buffer_of(10);
  EXPECT_TRUE(buffer->is_writable());
  const Ref<Buffer> second = buffer;
  EXPECT_FALSE(buffer->is_writable());
}

TEST(Buffer, case_002_made_writable_with_two_references_is_another_buffer) {
  const Ref<Buffer> buffer = buffer_of(10);
  Ref<Buffer> copy = buffer;
  ASSERT_TRUE(make_writable(copy).has_value());
  EXPECT_NE(copy, buffer);
  EXPECT_TRUE(buffer->is_writable());
  EXPECT_TRUE(copy->is_writable());
}

TEST(Buffer, case_010_memory_is_not_writable_under_two_references) {
  const Ref<Buffer> buffer = buffer_of(10);
  EXPECT_TRUE(buffer->is_writable(0));
  const Ref<Buffer> second = buffer;
  EXPECT_FALSE(buffer->is_writable(0));
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::denied));
}

TEST(Buffer, case_011_memory_of_a_shallow_copy_is_writable_in_neither_until_one_is_gone) {
  const Ref<Buffer> buffer = buffer_of(10);
  Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_FALSE(buffer->is_writable(0));
  EXPECT_FALSE(copy->is_writable(0));
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::denied));
  EXPECT_TRUE(refused(copy->write(), ErrorKind::denied));
  copy = nullptr;
  EXPECT_TRUE(buffer->is_writable(0));
  EXPECT_TRUE(buffer->write().has_value());
}

TEST(Buffer, case_071_made_writable_is_the_same_when_nobody_else_has_it) {
  Ref<Buffer> buffer = buffer_of(10);
  const Buffer* const before = buffer.get();
  ASSERT_TRUE(make_writable(buffer).has_value());
  EXPECT_EQ(buffer.get(), before);
  const Ref<Buffer> second = buffer;
  ASSERT_TRUE(make_writable(buffer).has_value());
  EXPECT_NE(buffer.get(), before);
  EXPECT_EQ(second.get(), before);
}

TEST(Buffer, that_cannot_be_made_writable_stays_in_the_callers_hands) {
  const Ref<Buffer> buffer = buffer_of(10);
  const WriteView writes = buffer->write().take();
  Ref<Buffer> second = buffer;
  EXPECT_TRUE(refused(make_writable(second), ErrorKind::busy));
  EXPECT_EQ(second, buffer);
}

TEST(Buffer, case_073_flags_of_a_writable_copy_are_its_own) {
  const Ref<Buffer> buffer = buffer_of(10);
  buffer->flags.discontinuity = buffer->flags.delta = true;
  Ref<Buffer> copy = buffer;
  ASSERT_TRUE(make_writable(copy).has_value());
  ASSERT_TRUE(copy->flags.discontinuity && copy->flags.delta);
  copy->flags = {};
  EXPECT_TRUE(buffer->flags.discontinuity && buffer->flags.delta);
}

TEST(Buffer, facts_and_metas_change_only_with_the_sole_reference) {
  const Ref<Buffer> buffer = buffer_of(10);
  const Ref<Buffer> second = buffer;
  EXPECT_TRUE(refused(buffer->add(CropMeta{0, 0, 2, 2}), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->set(CropMeta{0, 0, 2, 2}), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->remove<CropMeta>(), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->resize(0, 4), ErrorKind::denied));
  EXPECT_EQ(buffer->metas().count(), 0U);
  EXPECT_EQ(buffer->size(), 10U);
}

}  // namespace
}  // namespace millrace
