// SPDX-License-Identifier: MIT
// Configurations of a BufferPool, one after the other, with buffers out or without.
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/allocator_registry.h"
#include "engine/memory/frame_view.h"
#include "engine/memory/pool.h"
#include "engine/observe/stage_scope.h"
#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"

namespace millrace {
namespace {

struct Fixture : testing::Test {
  CountingAllocator allocator;
  Ref<BufferPool> pool = make_ref<BufferPool>();

  [[nodiscard]] PoolConfig sized(size_t size, PoolCount count) {
    return {.count = count, .size = size, .allocator = &allocator};
  }
};

using PoolGenerations = Fixture;

// W22: where the reference refuses size 12 while the pool is active, it begins a new generation.
TEST_F(PoolGenerations, case_124_activation_and_configuration) {
  const Result<> early = pool->activate();
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().kind, ErrorKind::usage);
  EXPECT_TRUE(accepted(pool->configure(sized(10, at_least(10)))));
  EXPECT_EQ(pool->state(), PoolState::configured);
  EXPECT_TRUE(pool->activate().has_value());
  EXPECT_TRUE(pool->activate().has_value());
  EXPECT_EQ(pool->free_count(), 10U);
  EXPECT_TRUE(accepted(pool->configure(sized(10, at_least(10)))));
  EXPECT_EQ(pool->snapshot().generation, 1U);
  EXPECT_TRUE(accepted(pool->configure(sized(12, at_least(10)))));
  EXPECT_EQ(pool->state(), PoolState::active);
  EXPECT_EQ(pool->snapshot().generation, 2U);
  EXPECT_EQ(pool->try_acquire()->size(), 12U);
}

TEST_F(PoolGenerations, a_buffer_of_an_earlier_generation_goes_when_it_comes_home) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(2)))));
  ASSERT_TRUE(pool->activate().has_value());
  Ref<Buffer> old = pool->try_acquire();
  ASSERT_TRUE(accepted(pool->configure(sized(20, exactly(2)))));
  EXPECT_EQ(old->size(), 10U);
  const Ref<Buffer> first = pool->try_acquire();
  EXPECT_EQ(first->size(), 20U);
  EXPECT_EQ(pool->snapshot().lent, 2U);
  old = nullptr;
  const PoolSnapshot seen = pool->snapshot();
  EXPECT_EQ(seen.discarded(Discard::retired), 1U);
  EXPECT_EQ(seen.lent, 1U);
  EXPECT_EQ(seen.free, 1U);
}

TEST_F(PoolGenerations, the_old_one_stays_when_the_new_one_cannot_be_allocated) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(2)))));
  ASSERT_TRUE(pool->activate().has_value());
  allocator.fails_from = 3;
  EXPECT_FALSE(pool->configure(sized(20, exactly(2))).has_value());
  EXPECT_EQ(pool->config().size, 10U);
  EXPECT_EQ(pool->free_count(), 2U);
  EXPECT_EQ(pool->try_acquire()->size(), 10U);
}

TEST_F(PoolGenerations, a_counter_offer_changes_nothing) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(2)))));
  ASSERT_TRUE(pool->activate().has_value());
  PoolConfig small = sized(100, exactly(2));
  small.video = video_of(PixelFormat::i420, 320, 240);
  EXPECT_TRUE(counter_offer(pool->configure(small)));
  EXPECT_EQ(pool->config().size, 10U);
  EXPECT_EQ(pool->snapshot().generation, 1U);
}

TEST_F(PoolGenerations, a_deactivated_pool_lets_its_memory_go_and_may_begin_again) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(2)))));
  ASSERT_TRUE(pool->activate().has_value());
  Ref<Buffer> out = pool->try_acquire();
  pool->deactivate();
  pool->deactivate();
  EXPECT_EQ(pool->state(), PoolState::configured);
  EXPECT_EQ(pool->snapshot().slots.size(), 1U);
  EXPECT_FALSE(pool->try_acquire());
  ASSERT_TRUE(pool->activate().has_value());
  EXPECT_EQ(pool->free_count(), 2U);
  out = nullptr;
  EXPECT_EQ(pool->free_count(), 2U);
  EXPECT_EQ(pool->snapshot().slots.size(), 2U);
}

TEST_F(PoolGenerations, many_may_be_out_at_once) {
  std::vector<Ref<Buffer>> out;
  for (size_t size = 1; size <= 20; ++size) {
    ASSERT_TRUE(accepted(pool->configure(sized(size, exactly(70)))));
    ASSERT_TRUE(pool->activate().has_value());
    out.push_back(pool->try_acquire());
    EXPECT_EQ(out.back()->size(), size);
  }
  EXPECT_EQ(pool->snapshot().lent, 20U);
  out.clear();
  EXPECT_EQ(pool->snapshot().slots.size(), 70U);
}

TEST_F(PoolGenerations, all_who_wait_get_a_buffer_of_the_new_one) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(1)))));
  ASSERT_TRUE(pool->activate().has_value());
  const Ref<Buffer> out = pool->try_acquire();
  std::atomic<int> served{0};
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 2; ++thread) {
    threads.emplace_back([&] {
      const Result<Ref<Buffer>> waited = acquire_promptly(*pool);
      ASSERT_TRUE(waited.has_value());
      EXPECT_EQ((*waited)->size(), 20U);
      ++served;
      await([&] { return served == 2; });  // so that it is not the other one's return that serves
    });
  }
  await_waiting(*pool, 2);
  EXPECT_TRUE(accepted(pool->configure(sized(20, exactly(2)))));
}

TEST_F(PoolGenerations, each_counts_the_fewest_free_buffers_of_its_own) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(2)))));
  ASSERT_TRUE(pool->activate().has_value());
  pool->try_acquire() = nullptr;
  EXPECT_EQ(pool->low_water(), 1U);
  pool->deactivate();
  ASSERT_TRUE(pool->activate().has_value());
  EXPECT_EQ(pool->low_water(), 2U);
}

TEST_F(PoolGenerations, one_tracks_holders_after_one_that_did_not) {
  ASSERT_TRUE(accepted(pool->configure(sized(10, exactly(1)))));
  ASSERT_TRUE(pool->activate().has_value());
  pool->try_acquire() = nullptr;
  pool->deactivate();
  PoolConfig tracking = sized(10, exactly(1));
  tracking.options.track_holders = true;
  ASSERT_TRUE(accepted(pool->configure(tracking)));
  ASSERT_TRUE(pool->activate().has_value());
  const observe::StageScope scope({.stage = 4});
  const Ref<Buffer> buffer = pool->try_acquire();
  EXPECT_EQ(pool->snapshot().slots[0].holder, 4U);
}

TEST_F(PoolGenerations, one_that_is_begun_after_the_last_handle_is_gone_ends_at_once) {
  struct Story {
    Ref<BufferPool> handle;
    int starts = 0;
    int stops = 0;
    int disposed = 0;
    bool is_over = false;
  } story;

  /// Gives the last handle up while it makes a buffer of 20 bytes.
  class Careless final : public PoolHooks {
   public:
    explicit Careless(Story& seen) : story_(seen) {}

    ~Careless() override { story_.is_over = true; }

    Result<> start(const PoolConfig& /*config*/) override {
      ++story_.starts;
      return {};
    }

    void stop() noexcept override { ++story_.stops; }

    Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
      if (config.size == 20) story_.handle = nullptr;
      return PoolHooks::allocate(config);
    }

    void dispose(Ref<Buffer> /*buffer*/) noexcept override { ++story_.disposed; }

   private:
    Story& story_;
  };

  story.handle =
      BufferPool::create(sized(10, exactly(1)), std::make_unique<Careless>(story)).take();
  Ref<Buffer> lent = story.handle->try_acquire();
  const Result<PoolAnswer> answer = lent->pool()->configure(sized(20, exactly(1)));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
  lent = nullptr;
  EXPECT_TRUE(story.is_over);
  EXPECT_EQ(story.starts, 2);
  EXPECT_EQ(story.stops, 2);
  EXPECT_EQ(story.disposed, 2);
}

// NEW RULE W17: the reference's pool never tells its consumers of the padding, so their questions
// about planes fail.
/// Puts the process's default back.
class Default {
 public:
  explicit Default(std::shared_ptr<Allocator> allocator) {
    EXPECT_TRUE(AllocatorRegistry::process().set_default(std::move(allocator)).has_value());
  }

  ~Default() {
    AllocatorRegistry& registry = AllocatorRegistry::process();
    EXPECT_TRUE(registry.set_default(registry.find("host")).has_value());
  }
};

TEST_F(PoolGenerations, each_has_one_allocator_whatever_becomes_the_default_meanwhile) {
  const auto first = std::make_shared<CountingAllocator>();
  const PoolConfig config{.count = at_least(1), .size = 64};
  {
    const Default changed(first);
    ASSERT_TRUE(accepted(pool->configure(config)));
  }
  EXPECT_EQ(pool->config().allocator, first.get());
  ASSERT_TRUE(pool->activate().has_value());
  const auto lent = std::pair(pool->try_acquire(), pool->try_acquire());
  EXPECT_TRUE(lent.first && lent.second);
  EXPECT_EQ(first->made, 2U);

  ASSERT_TRUE(accepted(pool->configure(config)));
  EXPECT_EQ(pool->config().allocator, &AllocatorRegistry::process().default_allocator());
  EXPECT_EQ(pool->snapshot().generation, 2U);
  EXPECT_EQ(first->made, 2U);
}

TEST_F(PoolGenerations, case_199_planes_of_an_aligned_pool_know_their_sizes) {
  PoolConfig config{.count = exactly(1), .video = video_of(PixelFormat::i420, 320, 240)};
  config.options.video_alignment =
      VideoAlignment{.bottom = 8, .stride_align = {64, 64, 64}, .strides_derived = true};
  const Ref<BufferPool> aligned = pool_of(config);
  const Ref<Buffer> buffer = aligned->try_acquire();
  const VideoMeta& video = *buffer->video();
  EXPECT_EQ(video.plane_size(0), 95232U);
  EXPECT_EQ(video.plane_size(1), 23808U);
  EXPECT_EQ(video.plane_size(2), 23808U);
  EXPECT_EQ(video.layout.plane[0].rows, 248U);
  const FrameWriteView frame = FrameWriteView::create(*buffer).take();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(frame.plane(1).row(119).data()) % 64, 0U);
}

}  // namespace
}  // namespace millrace
