// SPDX-License-Identifier: MIT
#include "engine/memory/pool.h"

#include <atomic>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/frame_view.h"
#include "engine/memory/system_allocator.h"

namespace millrace {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Ref<BufferPool> pool_of(size_t count) {
  SystemAllocator allocator;
  return BufferPool::create(allocator, {.count = count, .size = 64}).take();
}

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

TEST(Pool, lends_the_buffer_returned_last) {
  const Ref<BufferPool> pool = pool_of(3);
  Ref<Buffer> first = pool->try_acquire();
  Ref<Buffer> second = pool->try_acquire();
  const Buffer* const last = first.get();
  second = nullptr;
  first = nullptr;
  EXPECT_EQ(pool->try_acquire().get(), last);
}

TEST(Pool, a_returned_buffer_is_as_the_pool_made_it) {
  SystemAllocator allocator;
  const Layout layout = tight_layout(PixelFormat::nv12, 64, 64).take();
  const VideoMeta video{64, 64, layout};
  const Ref<BufferPool> pool =
      BufferPool::create(allocator, {.count = 1, .size = layout.size, .video = video}).take();
  {
    const Ref<Buffer> buffer = pool->try_acquire();
    buffer->timing.pts = Duration(5);
    buffer->flags.key = true;
    buffer->video->width = 32;
    buffer->crop = CropMeta{0, 0, 8, 8};
  }
  const Ref<Buffer> again = pool->try_acquire();
  EXPECT_FALSE(again->timing.pts.has_value());
  EXPECT_FALSE(again->flags.key);
  EXPECT_EQ(again->video->width, 64U);
  EXPECT_FALSE(again->crop.has_value());
}

TEST(Pool, a_lent_buffer_knows_its_pool_and_has_one_owner) {
  const Ref<BufferPool> pool = pool_of(1);
  const Ref<Buffer> buffer = pool->try_acquire();
  EXPECT_EQ(buffer->pool(), pool.get());
  EXPECT_TRUE(buffer->is_sole_owner());
}

TEST(Pool, lent_buffers_outlive_the_pools_handle) {
  Ref<BufferPool> pool = pool_of(2);
  const Ref<Buffer> buffer = pool->try_acquire();
  pool = nullptr;
  buffer->memory().write().take().bytes()[0] = std::byte{1};
  EXPECT_EQ(buffer->memory().read().take().bytes()[0], std::byte{1});
}

TEST(Pool, a_view_keeps_the_bytes_of_a_buffer_that_went_home) {
  Ref<BufferPool> pool = pool_of(1);
  Ref<Buffer> buffer = pool->try_acquire();
  buffer->memory().write().take().bytes()[3] = std::byte{8};
  const ReadView view = buffer->memory().read().take();
  buffer = nullptr;
  pool = nullptr;
  EXPECT_EQ(view.bytes()[3], std::byte{8});
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

TEST(Pool, a_stop_request_wakes_who_waits) {
  const Ref<BufferPool> pool = pool_of(1);
  const Ref<Buffer> only = pool->try_acquire();
  std::stop_source stop;
  const std::jthread stopper([&stop] {
    std::this_thread::sleep_for(milliseconds(5));
    stop.request_stop();
  });
  const Result<Ref<Buffer>> none = pool->acquire(stop.get_token(), now() + seconds(60));
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().kind, ErrorKind::cancelled);
}

TEST(Pool, a_return_wakes_who_waits) {
  const Ref<BufferPool> pool = pool_of(1);
  Ref<Buffer> only = pool->try_acquire();
  const std::jthread returner([mine = std::move(only)]() mutable {
    std::this_thread::sleep_for(milliseconds(5));
    mine = nullptr;
  });
  EXPECT_TRUE(pool->acquire({}, now() + seconds(60)).has_value());
}

TEST(Pool, calls_the_hook_after_each_return_with_the_buffer_free) {
  const Ref<BufferPool> pool = pool_of(1);
  std::vector<size_t> free_at_call;
  pool->on_available([&] { free_at_call.push_back(pool->free_count()); });
  pool->try_acquire() = nullptr;
  pool->try_acquire() = nullptr;
  pool->on_available({});
  pool->try_acquire() = nullptr;
  EXPECT_EQ(free_at_call, (std::vector<size_t>{1, 1}));
}

TEST(Pool, the_hook_may_lend_the_buffer_again) {
  const Ref<BufferPool> pool = pool_of(1);
  Ref<Buffer> caught;
  pool->on_available([&] {
    if (!caught) caught = pool->try_acquire();
  });
  pool->try_acquire() = nullptr;
  EXPECT_TRUE(caught);
  pool->on_available({});
}

TEST(Pool, many_threads_lend_and_return_without_losing_a_buffer) {
  const Ref<BufferPool> pool = pool_of(3);
  std::atomic<int> lent{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 500; ++round) {
          Result<Ref<Buffer>> buffer = pool->acquire({}, now() + seconds(60));
          if (!buffer) return;
          (*buffer)->timing.sequence = static_cast<uint64_t>(round);
          ++lent;
        }
      });
    }
  }
  EXPECT_EQ(lent, 2000);
  EXPECT_EQ(pool->free_count(), 3U);
}

TEST(Pool, buffers_come_home_from_other_threads) {
  const Ref<BufferPool> pool = pool_of(2);
  for (int round = 0; round < 200; ++round) {
    Ref<Buffer> buffer = pool->acquire({}, now() + seconds(60)).take();
    buffer->memory().write().take().bytes()[0] = static_cast<std::byte>(round);
    std::jthread([mine = std::move(buffer)]() mutable { mine = nullptr; }).join();
  }
  EXPECT_EQ(pool->free_count(), 2U);
}

TEST(Pool, hands_out_all_memories_for_importers) {
  const Ref<BufferPool> pool = pool_of(3);
  const std::vector<Ref<Memory>> memories = pool->memories();
  std::set<FileIdentity> identities;
  for (const Ref<Memory>& memory : memories) identities.insert(memory->identity());
  EXPECT_EQ(identities.size(), 3U);
}

TEST(Pool, refuses_no_buffers_and_too_many) {
  SystemAllocator allocator;
  for (const size_t count : {size_t{0}, size_t{1025}}) {
    const auto pool = BufferPool::create(allocator, {.count = count, .size = 64});
    ASSERT_FALSE(pool.has_value());
    EXPECT_EQ(pool.error().kind, ErrorKind::usage);
  }
}

TEST(Pool, refuses_a_layout_that_its_buffers_cannot_hold) {
  SystemAllocator allocator;
  const VideoMeta video{64, 64, tight_layout(PixelFormat::nv12, 64, 64).take()};
  EXPECT_FALSE(BufferPool::create(allocator, {.size = 64 * 64, .video = video}).has_value());
}

/// Fails at its second block.
class RunsOut final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "runs-out"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    if (++calls_ == 2) return fail(ErrorKind::internal, "allocate: none left");
    return host_.allocate(size, params);
  }

 private:
  SystemAllocator host_;
  int calls_ = 0;
};

TEST(Pool, passes_the_allocators_error_on_and_frees_what_it_had) {
  RunsOut allocator;
  const auto pool = BufferPool::create(allocator, {.count = 3, .size = 64});
  ASSERT_FALSE(pool.has_value());
  EXPECT_EQ(pool.error().what, "allocate: none left");
}

}  // namespace
}  // namespace millrace
