// SPDX-License-Identifier: MIT
// How buffers come home, and what becomes of those that cannot.
#include <array>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "engine/memory/buffer_copy.h"
#include "engine/memory/parent_buffer_meta.h"
#include "engine/memory/pool.h"
#include "tests/engine/memory/event.h"
#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"

namespace millrace {
namespace {

/// A pool of one buffer of 10 bytes, and what happened to it.
struct OneBuffer {
  CountingAllocator allocator;
  Ref<BufferPool> pool = BufferPool::create(allocator, {.count = exactly(1), .size = 10}).take();

  Ref<Buffer> take() { return acquire_promptly(*pool).take(); }

  uint64_t discarded(Discard cause) { return pool->snapshot().discarded(cause); }
};

TEST(PoolReturn, a_returned_buffer_is_as_the_pool_made_it) {
  const VideoMeta video = video_of(PixelFormat::nv12, 64, 64);
  const Ref<BufferPool> pool = pool_of({.count = exactly(1), .video = video});
  {
    const Ref<Buffer> buffer = pool->try_acquire();
    EXPECT_EQ(*buffer->video(), video);
    buffer->timing = {.pts = Duration(5),
                      .dts = Duration(4),
                      .duration = Duration(3),
                      .offset = 2,
                      .offset_end = 1,
                      .captured = now(),
                      .sequence = 7};
    buffer->flags.key = true;
    VideoMeta narrow = video;
    narrow.width = 32;
    ASSERT_TRUE(buffer->set(narrow).has_value());
    ASSERT_TRUE(buffer->add(CropMeta{0, 0, 8, 8}).has_value());
  }
  const Ref<Buffer> again = pool->try_acquire();
  EXPECT_EQ(again->timing, BufferTiming{});
  EXPECT_EQ(again->flags, BufferFlags{});
  EXPECT_EQ(*again->video(), video);
  EXPECT_FALSE(again->crop());
}

TEST(PoolReturn, case_131_a_window_is_as_large_again_and_the_buffer_is_kept) {
  OneBuffer one;
  ASSERT_TRUE(one.take()->resize(8, 2).has_value());
  EXPECT_EQ(one.take()->size(), 10U);
  EXPECT_EQ(one.allocator.made, 1U);
}

/// Each buffer has two memories.
class TwoBlocks final : public PoolHooks {
 public:
  Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
    Ref<Buffer> buffer = Buffer::create();
    for (int block = 0; block < 2; ++block) {
      const Ref<Memory> memory = MILLRACE_TRY(config.allocator->allocate(config.size, {}));
      MILLRACE_TRY(buffer->append(memory));
    }
    return buffer;
  }
};

// W9: a resize across memories cannot be undone in the reference, which makes such a buffer anew
// with every frame.
TEST(PoolReturn, a_window_over_several_memories_is_as_large_again) {
  CountingAllocator allocator;
  const auto pool = BufferPool::create({.count = exactly(1), .size = 100, .allocator = &allocator},
                                       std::make_unique<TwoBlocks>())
                        .take();
  ASSERT_TRUE(pool->try_acquire()->resize(150, 20).has_value());
  EXPECT_EQ(pool->try_acquire()->size(), 200U);
  EXPECT_EQ(allocator.made, 2U);
}

TEST(PoolReturn, case_130_a_buffer_without_its_memory_is_discarded) {
  OneBuffer one;
  {
    const Ref<Buffer> buffer = one.take();
    ASSERT_TRUE(buffer->remove(0, 1).has_value());
  }
  EXPECT_EQ(one.discarded(Discard::memories_changed), 1U);
  EXPECT_EQ(one.pool->free_count(), 0U);
  EXPECT_EQ(one.take()->size(), 10U);
  EXPECT_EQ(one.allocator.made, 2U);
}

TEST(PoolReturn, case_134_a_discard_wakes_who_waits_for_a_new_one) {
  OneBuffer one;
  const std::jthread thread([&one, mine = one.take()]() mutable {
    await_waiting(*one.pool, 1);
    ASSERT_TRUE(mine->remove(0, 1).has_value());
    mine = nullptr;
  });
  EXPECT_EQ(one.take()->size(), 10U);
  EXPECT_EQ(one.allocator.made, 2U);
}

TEST(PoolReturn, a_discard_calls_the_hook_for_who_found_none) {
  OneBuffer one;
  int calls = 0;
  one.pool->on_available([&] { ++calls; });
  Ref<Buffer> only = one.take();
  EXPECT_FALSE(one.pool->try_acquire());
  ASSERT_TRUE(only->remove(0, 1).has_value());
  only = nullptr;
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(one.pool->try_acquire());
}

/// Counts its end.
Ref<Buffer> ending(int& ends) {
  static std::array<std::byte, 1> bytes{};
  return Buffer::create(wrap_memory(bytes, {.release = [&ends] { ++ends; }}).take()).take();
}

TEST(PoolReturn, case_136_a_writable_copy_is_dropped_and_its_origin_lent_again) {
  OneBuffer one;
  Ref<Buffer> first = one.take();
  Ref<Buffer> second = first;
  ASSERT_TRUE(make_writable(second).has_value());
  EXPECT_NE(first.get(), second.get());
  EXPECT_EQ(&first->memory(), &second->memory());
  int ends_of_second = 0;
  ASSERT_TRUE(second->add(ParentBufferMeta{ending(ends_of_second)}).has_value());
  first = nullptr;
  EXPECT_EQ(one.pool->free_count(), 0U) << "the copy shows its bytes";
  second = nullptr;
  EXPECT_EQ(ends_of_second, 1);
  EXPECT_EQ(one.pool->free_count(), 1U);
  EXPECT_EQ(one.allocator.made, 1U);
  EXPECT_EQ(*one.allocator.gone, 0U);
}

TEST(PoolReturn, case_139_pooled_metas_stay_and_others_go_even_if_locked) {
  const Ref<BufferPool> pool =
      pool_of({.count = exactly(1), .video = video_of(PixelFormat::nv12, 64, 64)});
  {
    const Ref<Buffer> buffer = pool->try_acquire();
    const MetaFlags flags = (*buffer->metas().all().begin()).flags();
    EXPECT_TRUE(flags.pooled && flags.locked);
    EXPECT_FALSE(buffer->remove<VideoMeta>().has_value());
    ASSERT_TRUE(buffer->add(CropMeta{0, 0, 2, 2}, {.locked = true}).has_value());
  }
  const Ref<Buffer> again = pool->try_acquire();
  EXPECT_TRUE(again->video());
  EXPECT_FALSE(again->crop());
}

TEST(PoolReturn, case_140_the_last_view_of_a_buffer_brings_it_home) {
  OneBuffer one;
  Ref<Buffer> buffer = one.take();
  Ref<Buffer> view = view_of(*buffer, 2, 3).take();
  buffer = nullptr;
  EXPECT_FALSE(one.pool->try_acquire());
  view = nullptr;
  EXPECT_EQ(one.take()->size(), 10U);
  EXPECT_EQ(one.allocator.made, 1U);
}

/// Gives buffers that are another pool's.
class Borrower final : public PoolHooks {
 public:
  explicit Borrower(Ref<BufferPool> lender) : lender_(std::move(lender)) {}

  Result<Ref<Buffer>> allocate(const PoolConfig& /*config*/) override {
    return lender_->try_acquire();
  }

 private:
  Ref<BufferPool> lender_;
};

// Nothing can be called with a foreign buffer: it goes home to its own pool, and no other pool can
// be made to take it in.
TEST(PoolReturn, case_143_a_foreign_buffer_goes_to_its_own_pool_and_no_other) {
  OneBuffer here;
  OneBuffer there;
  int calls = 0;  // the hook outlives what is lent
  const Ref<Buffer> only = here.take();
  Ref<Buffer> foreign = there.take();
  here.pool->on_available([&] { ++calls; });
  EXPECT_FALSE(here.pool->try_acquire());
  foreign = nullptr;
  EXPECT_EQ(calls, 0);
  EXPECT_FALSE(here.pool->try_acquire());
  EXPECT_EQ(here.pool->snapshot().slots.size(), 1U);
  EXPECT_EQ(there.pool->free_count(), 1U);

  const auto borrowed =
      BufferPool::create({.count = exactly(1), .size = 10}, std::make_unique<Borrower>(there.pool));
  EXPECT_FALSE(borrowed.has_value());
  EXPECT_EQ(there.pool->free_count(), 1U) << "it went home from there, too";
}

TEST(PoolReturn, a_reference_to_the_memory_alone_does_no_harm) {
  OneBuffer one;
  const auto memory = Ref<Memory>::share(&one.take()->memory());
  EXPECT_EQ(one.pool->free_count(), 1U);
}

TEST(PoolReturn, bytes_that_another_buffer_shows_are_not_lent_again) {
  OneBuffer one;
  Ref<Buffer> buffer = one.take();
  const Ref<Buffer> other = Buffer::create(Ref<Memory>::share(&buffer->memory())).take();
  buffer = nullptr;
  EXPECT_EQ(one.discarded(Discard::shared), 1U);
  EXPECT_EQ(one.take()->size(), 10U);
}

TEST(PoolReturn, bytes_of_which_a_part_is_shared_are_not_lent_again) {
  OneBuffer one;
  Ref<Buffer> buffer = one.take();
  const Ref<Memory> part = buffer->memory().share(0, 4).take();
  buffer = nullptr;
  EXPECT_EQ(one.discarded(Discard::shared), 1U);
}

TEST(PoolReturn, bytes_that_somebody_reads_are_not_lent_again) {
  OneBuffer one;
  Ref<Buffer> buffer = one.take();
  buffer->write().take().bytes()[3] = std::byte{8};
  const ReadView view = buffer->memory().read().take();
  buffer = nullptr;
  EXPECT_EQ(one.discarded(Discard::mapped), 1U);
  one.pool = nullptr;
  EXPECT_EQ(view.bytes()[3], std::byte{8});
}

TEST(PoolReturn, a_buffer_comes_home_when_its_release_fence_is_signalled) {
  OneBuffer one;
  const Event device;
  one.take()->release_fences().add(device.fence());
  EXPECT_EQ(one.pool->free_count(), 0U);
  EXPECT_EQ(one.pool->snapshot().fenced, 1U);
  EXPECT_FALSE(one.pool->try_acquire());
  device.signal();
  const Ref<Buffer> again = one.take();
  EXPECT_TRUE(again->release_fences().empty());
  EXPECT_EQ(one.allocator.made, 1U);
}

TEST(PoolReturn, with_a_signalled_fence_it_comes_home_at_once) {
  OneBuffer one;
  const Event device;
  device.signal();
  one.take()->release_fences().add(device.fence());
  EXPECT_EQ(one.pool->free_count(), 1U);
}

TEST(PoolReturn, acquire_fences_do_not_keep_it_and_are_gone_afterwards) {
  OneBuffer one;
  const Event device;
  one.take()->acquire_fences().add(device.fence());
  EXPECT_EQ(one.pool->free_count(), 1U);
  EXPECT_TRUE(one.take()->acquire_fences().empty());
}

TEST(PoolReturn, a_fence_keeps_a_pool_without_a_handle) {
  const Event device;
  Ref<Memory> memory;
  {
    OneBuffer one;
    const Ref<Buffer> buffer = one.take();
    memory = Ref<Memory>::share(&buffer->memory());
    buffer->release_fences().add(device.fence());
  }
  EXPECT_GE(memory->references(), 2U);
  device.signal();
  await([&] { return memory->references() == 1; });
}

TEST(PoolReturn, buffers_come_home_from_other_threads) {
  const Ref<BufferPool> pool = pool_of(2);
  for (int round = 0; round < 200; ++round) {
    Ref<Buffer> buffer = acquire_promptly(*pool).take();
    buffer->write().take().bytes()[0] = static_cast<std::byte>(round);
    std::jthread([mine = std::move(buffer)]() mutable { mine = nullptr; }).join();
  }
  EXPECT_EQ(pool->free_count(), 2U);
}

}  // namespace
}  // namespace millrace
