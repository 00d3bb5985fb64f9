// SPDX-License-Identifier: MIT
#include "engine/base/mutex.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace millrace {
namespace {

using std::chrono::milliseconds;

TEST(Mutex, lets_one_thread_in_at_a_time) {
  Mutex mutex;
  int total = 0;
  const auto count = [&] {
    for (int i = 0; i < 1000; ++i) {
      const Lock lock(mutex);
      ++total;
    }
  };
  {
    const std::jthread one(count);
    const std::jthread two(count);
  }
  EXPECT_EQ(total, 2000);
}

TEST(Condition, wakes_a_waiter_that_finds_its_predicate_true) {
  Mutex mutex;
  Condition changed;
  bool ready = false;
  const std::jthread setter([&] {
    const Lock lock(mutex);
    ready = true;
    changed.notify_one();
  });
  const Lock lock(mutex);
  while (!ready) changed.wait(mutex);
  EXPECT_TRUE(ready);
}

TEST(Condition, a_wait_gives_up_at_its_deadline) {
  Mutex mutex;
  Condition never;
  const Timestamp deadline = now() + milliseconds(5);
  const Lock lock(mutex);
  while (never.wait_until(mutex, deadline)) {
  }
  EXPECT_GE(now(), deadline);
}

}  // namespace
}  // namespace millrace
