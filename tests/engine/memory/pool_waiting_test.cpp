// SPDX-License-Identifier: MIT
// Who waits for a buffer, in acquire or for a call of the hook, and what wakes it.
#include <array>
#include <stop_token>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"

namespace millrace {
namespace {

/// Two threads that wait for a buffer of a pool that has none left, and what they got.
class TwoWaiting {
 public:
  explicit TwoWaiting(BufferPool& pool) : pool_(pool) {
    for (Result<Ref<Buffer>>& result : results_) {
      threads_.emplace_back([this, &result] { result = acquire_promptly(pool_); });
    }
    await_waiting(pool, 2);
  }

  std::array<Result<Ref<Buffer>>, 2>& join() {
    threads_.clear();
    return results_;
  }

 private:
  BufferPool& pool_;
  std::array<Result<Ref<Buffer>>, 2> results_;
  std::vector<std::jthread> threads_;
};

TEST(PoolWaiting, a_stop_request_wakes_who_waits_with_it_and_nobody_else) {
  const Ref<BufferPool> pool = pool_of(2);
  Ref<Buffer> one = pool->try_acquire();
  Ref<Buffer> two = pool->try_acquire();
  TwoWaiting others(*pool);
  std::stop_source stop;
  const std::jthread stopper([&] {
    await_waiting(*pool, 3);
    stop.request_stop();
  });
  const Result<Ref<Buffer>> none = acquire_promptly(*pool, stop.get_token());
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(pool->snapshot().waiting, 2U);
  one = two = nullptr;
  for (const auto& waited : others.join()) EXPECT_TRUE(waited.has_value());
}

TEST(PoolWaiting, case_137_acquire_waits_for_a_return_until_the_pool_flushes_or_is_deactivated) {
  const Ref<BufferPool> pool = pool_of(2);
  Ref<Buffer> one = pool->try_acquire();
  Ref<Buffer> two = pool->try_acquire();
  EXPECT_FALSE(pool->try_acquire()) << "no waiting, no buffer";
  TwoWaiting for_a_return(*pool);
  one = nullptr;
  two = nullptr;
  for (auto& waited : for_a_return.join()) {
    ASSERT_TRUE(waited.has_value());
    (one ? two : one) = waited.take();
  }
  TwoWaiting until_it_flushes(*pool);
  pool->set_flushing(true);
  for (const auto& waited : until_it_flushes.join()) {
    ASSERT_FALSE(waited.has_value());
    EXPECT_EQ(waited.error().kind, ErrorKind::cancelled);
  }
  pool->set_flushing(false);
  TwoWaiting until_it_ends(*pool);
  pool->deactivate();
  for (const auto& waited : until_it_ends.join()) {
    ASSERT_FALSE(waited.has_value());
    EXPECT_EQ(waited.error().kind, ErrorKind::cancelled);
  }
}

TEST(PoolWaiting, calls_the_hook_when_there_is_a_buffer_for_who_found_none) {
  const Ref<BufferPool> pool = pool_of(1);
  std::vector<size_t> free_at_call;
  pool->on_available([&] { free_at_call.push_back(pool->free_count()); });
  pool->try_acquire() = nullptr;
  EXPECT_TRUE(free_at_call.empty()) << "nobody missed it";
  Ref<Buffer> only = pool->try_acquire();
  EXPECT_FALSE(pool->try_acquire());
  only = nullptr;
  EXPECT_EQ(free_at_call, (std::vector<size_t>{1}));
  only = pool->try_acquire();
  EXPECT_FALSE(pool->try_acquire());
  pool->on_available({});
  only = nullptr;
  EXPECT_EQ(free_at_call, (std::vector<size_t>{1})) << "the hook was taken away";
}

TEST(PoolWaiting, calls_the_hook_also_when_flushing_ends_or_a_generation_begins) {
  const Ref<BufferPool> pool = pool_of(1);
  int calls = 0;
  pool->on_available([&] { ++calls; });
  pool->set_flushing(true);
  EXPECT_FALSE(pool->try_acquire());
  pool->set_flushing(false);
  EXPECT_EQ(calls, 1);
  pool->deactivate();
  EXPECT_FALSE(pool->try_acquire());
  ASSERT_TRUE(pool->activate().has_value());
  EXPECT_EQ(calls, 2);
}

TEST(PoolWaiting, the_hook_may_deactivate_the_pool_whoever_made_a_buffer_available) {
  for (const bool by_activation : {true, false}) {
    const Ref<BufferPool> pool = pool_of(1, 10);
    pool->on_available([&] { pool->deactivate(); });
    const Ref<Buffer> only = pool->try_acquire();
    EXPECT_FALSE(pool->try_acquire());
    if (by_activation) {
      pool->deactivate();
      EXPECT_TRUE(pool->activate().has_value());
    } else {
      EXPECT_TRUE(accepted(pool->configure({.count = exactly(1), .size = 20})));
    }
    EXPECT_EQ(pool->state(), PoolState::configured);
    pool->on_available({});
  }
}

TEST(PoolWaiting, the_hook_may_lend_the_buffer_again) {
  const Ref<BufferPool> pool = pool_of(1);
  Ref<Buffer> caught;
  pool->on_available([&] { caught = pool->try_acquire(); });
  Ref<Buffer> only = pool->try_acquire();
  EXPECT_FALSE(pool->try_acquire());
  only = nullptr;
  EXPECT_TRUE(caught);
  pool->on_available({});
}

}  // namespace
}  // namespace millrace
