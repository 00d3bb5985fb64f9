// SPDX-License-Identifier: MIT
#include "engine/base/ticks.h"

#include <thread>

#include <gtest/gtest.h>

namespace millrace {
namespace {

using std::chrono::milliseconds;

TEST(Ticks, never_go_back_on_one_thread) {
  const uint64_t first = ticks();
  EXPECT_GE(ticks(), first);
}

TEST(TickClock, tells_the_time_of_a_moment_between_its_making_and_now) {
  const TickClock clock;
  std::this_thread::sleep_for(milliseconds(2));
  const Timestamp before = now();
  const uint64_t moment = ticks();
  const Timestamp after = now();
  std::this_thread::sleep_for(milliseconds(2));
  const Timestamp told = clock.time_of(moment);
  EXPECT_GE(told, before - milliseconds(1));
  EXPECT_LE(told, after + milliseconds(1));
}

TEST(TickClock, takes_a_moment_before_its_making_for_its_making) {
  const uint64_t moment = ticks();
  const Timestamp before = now();
  const TickClock clock;
  EXPECT_GE(clock.time_of(moment - 1'000'000), before);
}

}  // namespace
}  // namespace millrace
