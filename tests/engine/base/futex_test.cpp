// SPDX-License-Identifier: MIT
#include "engine/base/futex.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace millrace {
namespace {

using std::chrono_literals::operator""ms;

constexpr uint64_t high = uint64_t{1} << 32;

TEST(Futex, does_not_sleep_where_the_high_half_has_changed) {
  const std::atomic<uint64_t> word{5 * high};
  EXPECT_TRUE(wait_for_high_half(word, 4 * high, Timestamp::max()));
}

TEST(Futex, gives_up_at_the_deadline_and_not_before) {
  const std::atomic<uint64_t> word{5 * high};
  const Timestamp deadline = now() + 5ms;
  while (wait_for_high_half(word, 5 * high, deadline)) {
  }
  EXPECT_GE(now(), deadline);
}

TEST(Futex, gives_up_at_once_where_the_deadline_is_over_even_before_time_began) {
  const std::atomic<uint64_t> word{5 * high};
  EXPECT_FALSE(wait_for_high_half(word, 5 * high, Timestamp()));
  EXPECT_FALSE(wait_for_high_half(word, 5 * high, Timestamp::min()));
}

TEST(Futex, sleeps_through_changes_of_the_low_half) {
  std::atomic<uint64_t> word{5 * high};
  word.fetch_add(1);
  EXPECT_FALSE(wait_for_high_half(word, 5 * high, now() + 2ms));
}

TEST(Futex, wakes_whoever_sleeps) {
  std::atomic<uint64_t> word{5 * high};
  std::jthread sleeper([&] {
    while (word.load() == 5 * high) wait_for_high_half(word, 5 * high, Timestamp::max());
  });
  word.store(6 * high);
  wake_high_half(&word);
  sleeper.join();
  EXPECT_EQ(word.load(), 6 * high);
}

TEST(Futex, may_wake_what_is_gone) {
  const auto* const nowhere = reinterpret_cast<const std::atomic<uint64_t>*>(uintptr_t{4096});
  wake_high_half(nowhere);
}

}  // namespace
}  // namespace millrace
