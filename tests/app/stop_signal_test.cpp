// SPDX-License-Identifier: MIT
#include "app/stop_signal.h"

#include <chrono>

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/base/time.h"

namespace millrace::app {
namespace {

using namespace std::chrono_literals;

bool is_stopped_soon(const std::stop_token& token) {
  const Timestamp give_up = now() + 5s;
  while (!token.stop_requested() && now() < give_up) std::this_thread::sleep_for(1ms);
  return token.stop_requested();
}

class StopSignalOf : public testing::TestWithParam<int> {};

TEST_P(StopSignalOf, asks_to_stop) {
  auto stop = StopSignal::create();
  ASSERT_TRUE(stop);
  EXPECT_FALSE((*stop)->token().stop_requested());

  kill(getpid(), GetParam());

  EXPECT_TRUE(is_stopped_soon((*stop)->token()));
}

INSTANTIATE_TEST_SUITE_P(Signals, StopSignalOf, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(StopSignal, ends_without_a_signal) {
  auto stop = StopSignal::create();
  ASSERT_TRUE(stop);

  stop->reset();
}

TEST(StopSignal, lets_a_second_interrupt_end_the_process) {
  EXPECT_EXIT(
      {
        auto stop = StopSignal::create();
        kill(getpid(), SIGINT);
        if (!is_stopped_soon((*stop)->token())) _exit(1);
        kill(getpid(), SIGINT);
        std::this_thread::sleep_for(5s);
        _exit(2);
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(StopSignal, stops_although_the_shell_ignored_interrupts) {
  signal(SIGINT, SIG_IGN);
  auto stop = StopSignal::create();
  ASSERT_TRUE(stop);

  kill(getpid(), SIGINT);

  EXPECT_TRUE(is_stopped_soon((*stop)->token()));
  stop->reset();
  signal(SIGINT, SIG_DFL);
}

bool is_ignored(int number) {
  struct sigaction action {};

  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

bool is_blocked(int number) {
  sigset_t set;
  return pthread_sigmask(SIG_BLOCK, nullptr, &set) == 0 && sigismember(&set, number) == 1;
}

TEST(StopSignal, gives_the_signals_back_as_they_were) {
  signal(SIGINT, SIG_IGN);
  auto stop = StopSignal::create();
  ASSERT_TRUE(stop);
  EXPECT_FALSE(is_ignored(SIGINT));
  EXPECT_TRUE(is_blocked(SIGINT));

  stop->reset();

  EXPECT_TRUE(is_ignored(SIGINT));
  EXPECT_FALSE(is_ignored(SIGTERM));
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) EXPECT_FALSE(is_blocked(number));
  signal(SIGINT, SIG_DFL);
}

TEST(StopSignal, keeps_to_nohup) {
  signal(SIGHUP, SIG_IGN);
  auto stop = StopSignal::create();
  ASSERT_TRUE(stop);

  kill(getpid(), SIGHUP);
  std::this_thread::sleep_for(50ms);

  EXPECT_FALSE((*stop)->token().stop_requested());
  signal(SIGHUP, SIG_DFL);
}

}  // namespace
}  // namespace millrace::app
