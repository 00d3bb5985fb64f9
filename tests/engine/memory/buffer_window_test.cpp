// SPDX-License-Identifier: MIT
// The window of a Buffer: which bytes of its memories it shows.
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

/// 70 bytes at 10, then 60 at 20 of a block with slack behind.
struct TwoResized {
  Ref<Memory> first = memory_of(100);
  Ref<Memory> second = memory_with(ramp(100), {.padding = 50});
  Ref<Buffer> buffer = Buffer::create();

  TwoResized() {
    EXPECT_TRUE(first->resize(10, 70).has_value());
    EXPECT_TRUE(second->resize(20, 60).has_value());
    EXPECT_TRUE(buffer->append(first).has_value());
    EXPECT_TRUE(buffer->append(second).has_value());
  }
};

TEST(BufferWindow, case_079_has_the_slack_at_both_ends_to_grow_into) {
  const TwoResized two;
  EXPECT_EQ(two.buffer->size(), 130U);
  EXPECT_EQ(two.buffer->offset(), 10U);
  EXPECT_EQ(two.buffer->maxsize(), 80 + two.second->maxsize() - 20);
}

TEST(BufferWindow, case_080_counts_all_of_an_empty_memory_at_an_end_as_slack) {
  const TwoResized two;
  const size_t before = two.buffer->maxsize();
  const Ref<Memory> third = memory_of(30);
  ASSERT_TRUE(third->resize(0, 0).has_value());
  ASSERT_TRUE(two.buffer->append(third).has_value());
  EXPECT_EQ(two.buffer->maxsize(), before + third->maxsize());
  EXPECT_EQ(two.buffer->offset(), 10U);
  const Ref<Memory> fourth = memory_of(40);
  ASSERT_TRUE(fourth->resize(0, 0).has_value());
  ASSERT_TRUE(two.buffer->insert(0, fourth).has_value());
  EXPECT_EQ(two.buffer->offset(), 10 + fourth->maxsize());
  EXPECT_EQ(two.buffer->maxsize(), before + third->maxsize() + fourth->maxsize());
  EXPECT_EQ(two.buffer->size(), 130U);
}

TEST(BufferWindow, case_082_moves_and_comes_back) {
  const Ref<Buffer> buffer = buffer_of(100);
  ASSERT_TRUE(buffer->resize(50, 40).has_value());
  EXPECT_EQ(buffer->size(), 40U);
  EXPECT_EQ(buffer->offset(), 50U);
  EXPECT_EQ(text_of(*buffer), ramp(40, 50));
  ASSERT_TRUE(buffer->resize(-50, 100).has_value());
  EXPECT_EQ(buffer->offset(), 0U);
  EXPECT_EQ(text_of(*buffer), ramp(100));
  ASSERT_TRUE(buffer->resize(0, 0).has_value());
  EXPECT_EQ(buffer->size(), 0U);
  EXPECT_EQ(buffer->offset(), 0U);
  ASSERT_TRUE(buffer->resize(0, 100).has_value());
  EXPECT_EQ(buffer->offset(), 0U);
  EXPECT_EQ(text_of(*buffer), ramp(100));
}

// NEW RULE (W9): the memories stay as they are, so a trim over several of them can be undone.
TEST(BufferWindow, case_101_over_three_memories_is_undone) {
  const Ref<Buffer> buffer = buffer_of({100, 100, 100});
  ASSERT_TRUE(buffer->resize(150, 100).has_value());
  EXPECT_EQ(buffer->offset(), 150U);
  EXPECT_EQ(text_of(*buffer), ramp(100, 150));
  ASSERT_TRUE(buffer->resize(-150, 300).has_value());
  EXPECT_EQ(buffer->offset(), 0U);
  EXPECT_EQ(buffer->size(), 300U);
  EXPECT_EQ(text_of(*buffer), ramp(300));
  EXPECT_EQ(buffer->memory_count(), 3U);
}

TEST(BufferWindow, moves_without_touching_or_owning_any_memory) {
  const Ref<Memory> memory = memory_of(64);
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  ASSERT_TRUE(buffer->resize(8, 8).has_value());
  EXPECT_EQ(memory->offset(), 0U);
  EXPECT_EQ(memory->size(), 64U);
  EXPECT_EQ(memory->references(), 2U);
  EXPECT_FALSE(buffer->memories_changed());
}

TEST(BufferWindow, grows_into_the_prefix_and_the_padding) {
  const Ref<Memory> memory = memory_with("data", {.prefix = 64, .padding = 32});
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  ASSERT_TRUE(buffer->resize(-64, 64 + 4 + 32).has_value());
  EXPECT_EQ(text_of(*buffer).substr(64, 4), "data");
}

TEST(BufferWindow, that_was_cut_does_not_say_how_the_bytes_lay) {
  const Ref<Buffer> buffer = buffer_of(200);
  ASSERT_TRUE(buffer->add(nv12(8, 8)).has_value());
  ASSERT_TRUE(buffer->add(LyingMeta{}).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{1, 2, 3, 4}).has_value());
  ASSERT_TRUE(buffer->append(memory_of(5)).has_value());
  EXPECT_EQ(buffer->metas().count(), 3U) << "nothing was cut";
  ASSERT_TRUE(buffer->resize(10, 150).has_value());
  ASSERT_TRUE(buffer->append(memory_of(5)).has_value());
  EXPECT_EQ(names_of(*buffer), std::vector<std::string>{"CropMeta"});
}

TEST(BufferWindow, outside_of_the_memories_is_refused_and_stays_as_it_was) {
  const Ref<Buffer> buffer = buffer_of({100, 100});
  ASSERT_TRUE(buffer->resize(20, 60).has_value());
  const size_t has = buffer->maxsize();
  constexpr auto far = std::numeric_limits<ptrdiff_t>::max();
  constexpr auto back = std::numeric_limits<ptrdiff_t>::min();
  EXPECT_TRUE(refused(buffer->resize(-21, 10), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->resize(0, has - 19), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->resize(0, SIZE_MAX), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->resize(1, SIZE_MAX), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->resize(far, 0), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->resize(back, 0), ErrorKind::internal));
  EXPECT_EQ(buffer->offset(), 20U);
  EXPECT_EQ(buffer->size(), 60U);
  EXPECT_TRUE(buffer->resize(0, has - 20).has_value());
}

TEST(BufferWindow, of_an_empty_buffer_can_only_be_empty) {
  const Ref<Buffer> buffer = Buffer::create();
  EXPECT_TRUE(buffer->resize(0, 0).has_value());
  EXPECT_TRUE(refused(buffer->resize(0, 1), ErrorKind::internal));
  EXPECT_TRUE(refused(buffer->resize(1, 0), ErrorKind::internal));
  EXPECT_EQ(buffer->maxsize(), 0U);
}

}  // namespace
}  // namespace millrace
