// SPDX-License-Identifier: MIT
// Threads that lend, return, reconfigure and close one pool at a time. ThreadSanitizer sees the
// rest. With MILLRACE_LONG the rounds are 200 times as many.
#include <atomic>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "tests/engine/memory/event.h"
#include "tests/engine/memory/pools.h"

namespace millrace {
namespace {

using std::chrono::seconds;

int rounds(int few) {
  return std::getenv("MILLRACE_LONG") ? 200 * few : few;
}

/// Fails where somebody else has the buffer too: writing is for one, and the bytes must stay.
void use(Buffer& buffer, uint8_t mark) {
  ASSERT_TRUE(buffer.is_sole_owner());
  {
    const Result<WriteView> view = buffer.write();
    ASSERT_TRUE(view.has_value());
    view->bytes()[0] = std::byte{mark};
  }
  std::this_thread::yield();
  ASSERT_EQ(buffer.read().take().bytes()[0], std::byte{mark});
}

TEST(PoolRace, many_threads_lend_and_return_without_losing_a_buffer) {
  const Ref<BufferPool> pool = pool_of(3);
  std::atomic<int> lent{0};
  const int each = rounds(500);
  {
    std::vector<std::jthread> threads;
    for (uint8_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int round = 0; round < each; ++round) {
          Result<Ref<Buffer>> buffer = pool->acquire({}, now() + seconds(60));
          ASSERT_TRUE(buffer.has_value());
          use(**buffer, thread);
          ++lent;
        }
      });
    }
  }
  EXPECT_EQ(lent, 4 * each);
  EXPECT_EQ(pool->free_count(), 3U);
}

TEST(PoolRace, what_one_thread_lends_another_returns) {
  const Ref<BufferPool> pool = pool_of(70);
  std::atomic<Ref<Buffer>*> handed{nullptr};
  const int frames = rounds(2000);
  const std::jthread returner([&] {
    for (int frame = 0; frame < frames; ++frame) {
      Ref<Buffer>* got = nullptr;
      while (!(got = handed.exchange(nullptr))) std::this_thread::yield();
      EXPECT_EQ((*got)->timing.sequence, static_cast<uint64_t>(frame));
      delete got;
    }
  });
  for (int frame = 0; frame < frames; ++frame) {
    auto buffer = std::make_unique<Ref<Buffer>>(pool->acquire({}, now() + seconds(60)).take());
    EXPECT_EQ((*buffer)->timing, BufferTiming{});
    (*buffer)->timing.sequence = static_cast<uint64_t>(frame);
    while (handed.load()) std::this_thread::yield();
    handed.store(buffer.release());
  }
}

TEST(PoolRace, configurations_change_while_buffers_come_and_go) {
  CountingAllocator allocator;
  const auto pool = BufferPool::create(allocator, {.count = exactly(2), .size = 8}).take();
  std::atomic<bool> done{false};
  {
    std::vector<std::jthread> threads;
    for (uint8_t thread = 0; thread < 2; ++thread) {
      threads.emplace_back([&, thread] {
        while (!done) {
          Result<Ref<Buffer>> buffer = pool->acquire({}, now() + seconds(60));
          if (!buffer) {
            ASSERT_EQ(buffer.error().kind, ErrorKind::cancelled);
            continue;
          }
          use(**buffer, thread);
          const bool spoil = (*buffer)->size() % 3 == 0;
          if (spoil) {
            EXPECT_TRUE((*buffer)->remove(0, 1).has_value());
          }
        }
      });
    }
    threads.emplace_back([&] {
      while (!done) {
        const PoolSnapshot seen = pool->snapshot();
        ASSERT_LE(seen.free, seen.config.count.limit());
        if (Ref<Buffer> buffer = pool->try_acquire()) use(*buffer, 9);
      }
    });
    for (int round = 0; round < rounds(300); ++round) {
      const size_t size = 8 + static_cast<size_t>(round % 5);
      ASSERT_TRUE(accepted(
          pool->configure({.count = {.min = 1, .max = 3}, .size = size, .allocator = &allocator})));
      if (round % 7 == 0) pool->deactivate();
      if (round % 3 == 0) pool->set_flushing(true);
      if (round % 3 == 0) pool->set_flushing(false);
      ASSERT_TRUE(pool->activate().has_value());
    }
    done = true;
  }
  const PoolSnapshot seen = pool->snapshot();
  EXPECT_EQ(seen.lent, 0U);
  EXPECT_EQ(seen.slots.size(), seen.free);
}

TEST(PoolRace, a_pool_ends_with_the_last_of_what_several_threads_return) {
  for (int round = 0; round < rounds(200); ++round) {
    Ref<BufferPool> pool = pool_of({.count = {.min = 0, .max = 4}, .size = 8});
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 3; ++thread) {
      threads.emplace_back([mine = pool->try_acquire()]() mutable { mine = nullptr; });
    }
    if (round % 2 == 0) {
      EXPECT_TRUE(accepted(pool->configure({.count = exactly(1), .size = 9})));
    }
    pool = nullptr;
  }
}

TEST(PoolRace, fences_bring_buffers_home_from_a_thread_of_their_own) {
  const Ref<BufferPool> pool = pool_of(2);
  for (int round = 0; round < rounds(100); ++round) {
    const Event device;
    {
      const Ref<Buffer> buffer = pool->acquire({}, now() + seconds(60)).take();
      buffer->release_fences().add(device.fence());
      use(*buffer, 1);
    }
    device.signal();
  }
  const Ref<Buffer> one = pool->acquire({}, now() + seconds(60)).take();
  const Ref<Buffer> two = pool->acquire({}, now() + seconds(60)).take();
}

TEST(PoolRace, every_waiting_thread_is_woken_by_a_stop) {
  const Ref<BufferPool> pool = pool_of(1);
  const Ref<Buffer> only = pool->try_acquire();
  std::stop_source stop;
  std::atomic<int> stopped{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back(
          [&] { stopped += !pool->acquire(stop.get_token(), now() + seconds(60)).has_value(); });
    }
    stop.request_stop();
  }
  EXPECT_EQ(stopped, 4);
}

}  // namespace
}  // namespace millrace
