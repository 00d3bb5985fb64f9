// SPDX-License-Identifier: MIT
#include "engine/memory/pool.h"

#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/observe/stage_scope.h"
#include "tests/engine/memory/pools.h"

namespace millrace {
namespace {

using std::chrono::milliseconds;

TEST(Pool, lends_every_buffer_and_then_none) {
  const Ref<BufferPool> pool = pool_of(3);
  std::vector<Ref<Buffer>> lent;
  std::set<uint32_t> slots;
  while (Ref<Buffer> buffer = pool->try_acquire()) {
    slots.insert(buffer->slot());
    lent.push_back(std::move(buffer));
  }
  EXPECT_EQ(slots, (std::set<uint32_t>{0, 1, 2}));
  EXPECT_EQ(pool->free_count(), 0U);
}

TEST(Pool, lends_the_lowest_free_buffer) {
  const Ref<BufferPool> pool = pool_of(3);
  Ref<Buffer> first = pool->try_acquire();
  Ref<Buffer> second = pool->try_acquire();
  second = nullptr;
  first = nullptr;
  EXPECT_EQ(pool->try_acquire()->slot(), 0U);
}

TEST(Pool, lends_more_buffers_than_fit_on_a_shelf) {
  const Ref<BufferPool> pool = pool_of(200);
  std::vector<Ref<Buffer>> lent;
  std::set<uint32_t> slots;
  while (Ref<Buffer> buffer = pool->try_acquire()) {
    slots.insert(buffer->slot());
    lent.push_back(std::move(buffer));
  }
  EXPECT_EQ(slots.size(), 200U);
  EXPECT_EQ(pool->low_water(), 0U);
  lent.erase(lent.begin() + 100);
  EXPECT_EQ(pool->try_acquire()->slot(), 100U);
  lent.clear();
  EXPECT_EQ(pool->free_count(), 200U);
}

TEST(Pool, case_125_makes_a_buffer_of_the_configured_size_when_there_is_none) {
  const Ref<BufferPool> pool = pool_of({.count = at_least(0), .size = 10});
  const Ref<Buffer> buffer = pool->acquire().take();
  EXPECT_EQ(buffer->size(), 10U);
  EXPECT_EQ(buffer->pool(), pool.get());
  EXPECT_TRUE(buffer->is_sole_owner());
}

TEST(Pool, case_127_lends_again_what_came_back_out_of_order) {
  CountingAllocator allocator;
  auto pool = BufferPool::create(allocator, {.count = at_least(0), .size = 10}).take();
  Ref<Buffer> first = pool->try_acquire();
  Ref<Buffer> second = pool->try_acquire();
  const Buffer* const came_back = second.get();
  second = nullptr;
  second = pool->try_acquire();
  EXPECT_EQ(second.get(), came_back);
  EXPECT_EQ(allocator.made, 2U);
  EXPECT_EQ(*allocator.gone, 0U);
  first = second = nullptr;
  pool = nullptr;
  EXPECT_EQ(*allocator.gone, 2U);
}

TEST(Pool, grows_to_its_maximum_and_no_further) {
  const Ref<BufferPool> pool = pool_of({.count = {.min = 1, .max = 3}, .size = 10});
  EXPECT_EQ(pool->free_count(), 1U);
  std::vector<Ref<Buffer>> lent;
  while (Ref<Buffer> buffer = pool->try_acquire()) lent.push_back(std::move(buffer));
  EXPECT_EQ(lent.size(), 3U);
  lent.clear();
  EXPECT_EQ(pool->free_count(), 3U);
}

TEST(Pool, without_a_maximum_grows_to_the_stated_one) {
  const Ref<BufferPool> pool = pool_of({.count = at_least(0), .size = 1});
  std::vector<Ref<Buffer>> lent;
  while (Ref<Buffer> buffer = pool->try_acquire()) lent.push_back(std::move(buffer));
  EXPECT_EQ(lent.size(), PoolCount::most);
}

TEST(Pool, case_128_an_inactive_pool_lends_nothing) {
  const auto pool = make_ref<BufferPool>();
  EXPECT_EQ(pool->state(), PoolState::inactive);
  EXPECT_FALSE(pool->try_acquire());
  const Result<Ref<Buffer>> none = pool->acquire();
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().kind, ErrorKind::cancelled);
}

TEST(Pool, lent_buffers_outlive_the_pools_handle) {
  Ref<BufferPool> pool = pool_of(2);
  const Ref<Buffer> buffer = pool->try_acquire();
  pool = nullptr;
  buffer->write().take().bytes()[0] = std::byte{1};
  EXPECT_EQ(buffer->read().take().bytes()[0], std::byte{1});
}

TEST(Pool, a_handle_taken_from_the_last_lent_buffer_outlives_it) {
  Ref<BufferPool> pool = pool_of(2);
  Ref<Buffer> buffer = pool->try_acquire();
  pool = nullptr;
  const auto again = Ref<BufferPool>::share(buffer->pool());
  buffer = nullptr;
  EXPECT_EQ(again->state(), PoolState::configured);
  EXPECT_FALSE(again->try_acquire());
  EXPECT_FALSE(again->activate().has_value()) << "its last handle was given up before";
}

TEST(Pool, remembers_the_fewest_free_buffers) {
  const Ref<BufferPool> pool = pool_of(4);
  EXPECT_EQ(pool->low_water(), 4U);
  {
    const Ref<Buffer> one = pool->try_acquire();
    const Ref<Buffer> two = pool->try_acquire();
  }
  const Ref<Buffer> three = pool->try_acquire();
  EXPECT_EQ(pool->low_water(), 2U);
  EXPECT_EQ(pool->free_count(), 3U);
}

TEST(Pool, acquire_times_out_at_its_deadline_and_names_the_remedy) {
  const Ref<BufferPool> pool = pool_of(1);
  const Ref<Buffer> only = pool->try_acquire();
  const Timestamp deadline = now() + milliseconds(5);
  const Result<Ref<Buffer>> late = pool->acquire({}, deadline);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().kind, ErrorKind::timeout);
  EXPECT_FALSE(late.error().remedy.empty());
  EXPECT_GE(now(), deadline);
}

TEST(Pool, a_timeout_names_who_holds_the_buffers) {
  const Ref<BufferPool> pool =
      pool_of({.count = exactly(3), .size = 10, .options = {.track_holders = true}});
  pool->name_holders({"camera", "encoder"});
  const observe::StageScope scope({.stage = 0});
  const Ref<Buffer> one = pool->try_acquire();
  const Ref<Buffer> two = pool->try_acquire();
  const Ref<Buffer> three = pool->try_acquire();
  BufferPool::note_holder(*two, 1);
  BufferPool::note_holder(*three, 1);
  const Result<Ref<Buffer>> late = pool->acquire({}, now());
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().what,
            "acquire a buffer: all 3 of the pool were out: 1 with camera, 2 with encoder");
}

TEST(Pool, a_timeout_counts_the_buffers_of_the_configuration_in_force) {
  const Ref<BufferPool> pool = pool_of(3, 10);
  const Ref<Buffer> old = pool->try_acquire();
  ASSERT_TRUE(accepted(pool->configure({.count = exactly(1), .size = 20})));
  const Ref<Buffer> only = pool->try_acquire();
  EXPECT_EQ(pool->acquire({}, now()).error().what, "acquire a buffer: all 1 of the pool were out");
}

TEST(Pool, while_it_flushes_lends_nothing_and_keeps_its_buffers) {
  CountingAllocator allocator;
  const auto pool = BufferPool::create(allocator, {.count = exactly(2), .size = 10}).take();
  Ref<Buffer> out = pool->try_acquire();
  pool->set_flushing(true);
  EXPECT_EQ(pool->state(), PoolState::flushing);
  EXPECT_FALSE(pool->try_acquire());
  out = nullptr;
  EXPECT_EQ(pool->free_count(), 2U);
  pool->set_flushing(false);
  EXPECT_TRUE(pool->try_acquire());
  EXPECT_EQ(allocator.made, 2U);
}

TEST(Pool, hands_out_all_memories_for_importers) {
  const Ref<BufferPool> pool = pool_of(3);
  const std::vector<Ref<Memory>> memories = pool->memories();
  std::set<FileIdentity> identities;
  for (const Ref<Memory>& memory : memories) identities.insert(memory->identity());
  EXPECT_EQ(identities.size(), 3U);
  EXPECT_TRUE(pool->try_acquire());
}

TEST(Pool, a_counter_offer_is_an_error_of_create_that_names_the_size) {
  SystemAllocator allocator;
  const auto pool =
      BufferPool::create(allocator, {.size = 100, .video = video_of(PixelFormat::i420, 320, 240)});
  ASSERT_FALSE(pool.has_value());
  EXPECT_EQ(pool.error().kind, ErrorKind::usage);
  EXPECT_NE(pool.error().remedy.find("115200"), std::string::npos);
}

TEST(Pool, passes_the_allocators_error_on_and_keeps_nothing) {
  CountingAllocator allocator;
  allocator.fails_from = 1;
  const auto pool = BufferPool::create(allocator, {.count = exactly(3), .size = 64});
  ASSERT_FALSE(pool.has_value());
  EXPECT_EQ(pool.error().what, "allocate: none left");
}

TEST(Pool, sizes_and_alignments_that_nobody_has_are_errors) {
  SystemAllocator allocator;
  for (const size_t size : {SIZE_MAX, SIZE_MAX / 2, size_t{1} << 62}) {
    EXPECT_FALSE(BufferPool::create(allocator, {.count = exactly(2), .size = size}).has_value());
  }
  const PoolConfig config{.size = 64, .params = {.align = size_t{1} << 63}};
  EXPECT_FALSE(BufferPool::create(allocator, config).has_value());
}

TEST(Pool, acquire_passes_the_allocators_error_on_and_the_place_is_kept) {
  CountingAllocator allocator;
  const auto pool =
      BufferPool::create(allocator, {.count = {.min = 1, .max = 2}, .size = 64}).take();
  const Ref<Buffer> first = pool->try_acquire();
  allocator.fails_from = 1;
  EXPECT_FALSE(pool->try_acquire());
  const Result<Ref<Buffer>> none = pool->acquire();
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().what, "allocate: none left");
  allocator.fails_from = SIZE_MAX;
  EXPECT_TRUE(pool->acquire().has_value());
}

TEST(Pool, without_an_allocator_takes_host_memory) {
  const auto pool =
      BufferPool::create({.count = exactly(1), .size = 10}, std::make_unique<PoolHooks>());
  ASSERT_TRUE(pool.has_value());
  EXPECT_EQ((*pool)->try_acquire()->memory().kind(), MemoryKind::host);
}

TEST(Pool, its_snapshot_says_where_every_buffer_is) {
  const Ref<BufferPool> pool =
      pool_of({.count = exactly(3), .size = 10, .options = {.track_holders = true}});
  const observe::StageScope scope({.stage = 4});
  const Timestamp before = now();
  const Ref<Buffer> one = pool->try_acquire();
  const PoolSnapshot seen = pool->snapshot();
  EXPECT_EQ(seen.state, PoolState::active);
  EXPECT_EQ(seen.generation, 1U);
  EXPECT_EQ(seen.free, 2U);
  EXPECT_EQ(seen.lent, 1U);
  ASSERT_EQ(seen.slots.size(), 3U);
  EXPECT_EQ(seen.slots[0].state, SlotState::lent);
  EXPECT_EQ(seen.slots[0].holder, 4U);
  ASSERT_TRUE(seen.slots[0].since.has_value());
  EXPECT_GE(*seen.slots[0].since, before - milliseconds(1));
  EXPECT_LE(*seen.slots[0].since, now() + milliseconds(1));
  EXPECT_EQ(seen.slots[2].state, SlotState::free);
}

TEST(Pool, a_new_holder_is_noted_also_by_way_of_a_view) {
  const Ref<BufferPool> pool =
      pool_of({.count = exactly(1), .size = 10, .options = {.track_holders = true}});
  const Ref<Buffer> buffer = pool->try_acquire();
  BufferPool::note_holder(*buffer, 9);
  EXPECT_EQ(pool->snapshot().slots[0].holder, 9U);
  BufferPool::note_holder(*Buffer::create(), 9);  // of no pool: nothing happens
}

}  // namespace
}  // namespace millrace
