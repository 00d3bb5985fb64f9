// SPDX-License-Identifier: MIT
#include "engine/run/executor.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Executor, runs_a_lane_until_it_says_that_it_has_finished) {
  int steps = 0;
  Executor executor;
  executor.add(std::make_shared<Wake>([&] {
                 return ++steps == 1000 ? StepOutcome::finished : StepOutcome::progressed;
               }),
               false, "count");

  executor.start(1);

  EXPECT_TRUE(executor.wait(std::nullopt));
  EXPECT_EQ(steps, 1000);
}

TEST(Executor, loses_no_wake_that_comes_while_a_lane_is_about_to_park) {
  constexpr int rounds = 20000;
  std::atomic<int> given{0};
  int taken = 0;
  Executor executor;
  const auto lane = std::make_shared<Wake>([&] {
    if (taken == rounds) return StepOutcome::finished;
    if (taken == given) return StepOutcome::parked;
    ++taken;
    return StepOutcome::progressed;
  });
  executor.add(lane, false, "ping");
  executor.start(1);

  for (int round = 0; round < rounds; ++round) {
    ++given;
    lane->wake();
  }

  lane->wake();
  EXPECT_TRUE(executor.wait(now() + std::chrono::seconds(30)));
}

TEST(Executor, runs_a_lane_once_that_was_woken_before_the_start) {
  int steps = 0;
  Executor executor;
  const auto lane = std::make_shared<Wake>([&] {
    ++steps;
    return StepOutcome::finished;
  });
  executor.add(lane, false, "early");

  lane->wake();
  executor.start(2);

  EXPECT_TRUE(executor.wait(std::nullopt));
  EXPECT_EQ(steps, 1);
}

TEST(Executor, gives_a_blocking_lane_a_thread_of_its_own) {
  std::thread::id shared_thread;
  std::thread::id own_thread;
  Executor executor;
  executor.add(std::make_shared<Wake>([&] {
                 shared_thread = std::this_thread::get_id();
                 return StepOutcome::finished;
               }),
               false, "shared");
  executor.add(std::make_shared<Wake>([&] {
                 own_thread = std::this_thread::get_id();
                 return StepOutcome::finished;
               }),
               true, "own");

  executor.start(1);

  EXPECT_TRUE(executor.wait(std::nullopt));
  EXPECT_NE(shared_thread, own_thread);
}

TEST(Executor, says_when_lanes_are_not_done_by_the_deadline) {
  std::atomic<bool> may_end{false};
  Executor executor;
  const auto lane =
      std::make_shared<Wake>([&] { return may_end ? StepOutcome::finished : StepOutcome::parked; });
  executor.add(lane, false, "late");
  executor.start(1);

  EXPECT_FALSE(executor.wait(now() + std::chrono::milliseconds(5)));

  may_end = true;
  lane->wake();
  EXPECT_TRUE(executor.wait(std::nullopt));
}

}  // namespace
}  // namespace millrace
