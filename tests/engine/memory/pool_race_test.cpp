// SPDX-License-Identifier: MIT
// Threads that lend, return, reconfigure and close one pool at a time. ThreadSanitizer sees the
// rest. With MILLRACE_LONG=1 the rounds are 200 times as many.
#include <atomic>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "tests/engine/memory/event.h"
#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

int rounds(int few) {
  return test::in_long_form() ? 200 * few : few;
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
          Result<Ref<Buffer>> buffer = acquire_promptly(*pool);
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
      while (!(got = handed.exchange(nullptr))) handed.wait(nullptr);
      handed.notify_one();
      EXPECT_EQ((*got)->timing.sequence, static_cast<uint64_t>(frame));
      delete got;
    }
  });
  for (int frame = 0; frame < frames; ++frame) {
    auto buffer = std::make_unique<Ref<Buffer>>(acquire_promptly(*pool).take());
    EXPECT_EQ((*buffer)->timing, BufferTiming{});
    (*buffer)->timing.sequence = static_cast<uint64_t>(frame);
    while (Ref<Buffer>* const still = handed.load()) handed.wait(still);
    handed.store(buffer.release());
    handed.notify_one();
  }
}

/// Lends, uses and gives back until it is done, while others change the pool.
class Borrower {
 public:
  Borrower(BufferPool& pool, std::atomic<int>& loans) : pool_(pool), loans_(loans) {}

  void wait_for_them(uint8_t mark, const std::atomic<bool>& done) {
    while (!done) {
      Result<Ref<Buffer>> buffer = acquire_promptly(pool_);
      if (!buffer) {
        ASSERT_EQ(buffer.error().kind, ErrorKind::cancelled);
        continue;
      }
      ++loans_;
      use(**buffer, mark);
      const bool spoil = (*buffer)->size() % 3 == 0;
      if (spoil) {
        EXPECT_TRUE((*buffer)->remove(0, 1).has_value());
      }
    }
  }

  void look_for_them(uint8_t mark, const std::atomic<bool>& done) {
    while (!done) {
      const PoolSnapshot seen = pool_.snapshot();
      ASSERT_LE(seen.free, seen.config.count.limit());
      if (Ref<Buffer> buffer = pool_.try_acquire()) use(*buffer, mark);
    }
  }

 private:
  BufferPool& pool_;
  std::atomic<int>& loans_;
};

TEST(PoolRace, configurations_change_while_buffers_come_and_go) {
  CountingAllocator allocator;
  const auto pool = BufferPool::create(allocator, {.count = exactly(2), .size = 8}).take();
  std::atomic<int> loans{0};
  std::atomic<bool> done{false};
  Borrower borrower(*pool, loans);
  {
    std::vector<std::jthread> threads;
    for (uint8_t mark = 1; mark <= 2; ++mark) {
      threads.emplace_back([&, mark] { borrower.wait_for_them(mark, done); });
    }
    threads.emplace_back([&] { borrower.look_for_them(9, done); });
    for (int round = 0; round < rounds(300); ++round) {
      const size_t size = 8 + static_cast<size_t>(round % 5);
      EXPECT_TRUE(accepted(
          pool->configure({.count = {.min = 1, .max = 3}, .size = size, .allocator = &allocator})));
      if (round % 7 == 0) pool->deactivate();
      if (round % 3 == 0) pool->set_flushing(true);
      if (round % 3 == 0) pool->set_flushing(false);
      EXPECT_TRUE(pool->activate().has_value());
      const int before = loans;
      await([&] { return loans > before; });
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
      const Ref<Buffer> buffer = acquire_promptly(*pool).take();
      buffer->release_fences().add(device.fence());
      use(*buffer, 1);
    }
    device.signal();
  }
  const Ref<Buffer> one = acquire_promptly(*pool).take();
  const Ref<Buffer> two = acquire_promptly(*pool).take();
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
          [&] { stopped += !acquire_promptly(*pool, stop.get_token()).has_value(); });
    }
    await_waiting(*pool, 4);
    stop.request_stop();
  }
  EXPECT_EQ(stopped, 4);
}

// A callback of a stop keeps those that were registered before it from running. Whoever is woken
// meanwhile by a return sees the stop and takes nothing: the next one has to be woken instead.
TEST(PoolRace, a_return_during_a_stop_reaches_who_was_not_stopped) {
  const Ref<BufferPool> pool = pool_of(1);
  Ref<Buffer> only = pool->try_acquire();
  std::stop_source stop;
  std::atomic<bool> served{false};
  std::vector<std::jthread> threads;
  for (size_t stopped = 1; stopped <= 3; ++stopped) {
    threads.emplace_back(
        [&] { EXPECT_FALSE(acquire_promptly(*pool, stop.get_token()).has_value()); });
    await_waiting(*pool, stopped);
  }
  threads.emplace_back([&] { served = acquire_promptly(*pool).has_value(); });
  await_waiting(*pool, 4);
  const std::stop_callback first(stop.get_token(), [&] {
    const Prompt prompt;
    only = nullptr;
    await([&] { return served.load(); });
  });
  stop.request_stop();
}

}  // namespace
}  // namespace millrace
