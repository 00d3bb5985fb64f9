// SPDX-License-Identifier: MIT
#include "engine/memory/buffer.h"

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "engine/memory/system_allocator.h"

namespace millrace {
namespace {

Ref<Memory> some_memory() {
  SystemAllocator allocator;
  return allocator.allocate(64, {}).take();
}

TEST(Buffer, holds_its_memory) {
  const Ref<Memory> memory = some_memory();
  const Ref<Buffer> buffer = Buffer::create(memory);
  ASSERT_EQ(buffer->memories().size(), 1U);
  EXPECT_EQ(&buffer->memory(), memory.get());
  EXPECT_FALSE(memory->is_sole_owner());
}

TEST(Buffer, outside_a_pool_lets_its_memory_go_when_it_dies) {
  const Ref<Memory> memory = some_memory();
  {
    const Ref<Buffer> buffer = Buffer::create(memory);
    EXPECT_EQ(buffer->pool(), nullptr);
  }
  EXPECT_TRUE(memory->is_sole_owner());
}

TEST(Buffer, starts_without_times_flags_and_metas) {
  const Ref<Buffer> buffer = Buffer::create(some_memory());
  EXPECT_FALSE(buffer->timing.pts.has_value());
  EXPECT_FALSE(buffer->flags.key);
  EXPECT_FALSE(buffer->video.has_value());
  EXPECT_FALSE(buffer->crop.has_value());
}

}  // namespace
}  // namespace millrace
