// SPDX-License-Identifier: MIT
#include "engine/base/sleep.h"

#include <thread>

#include <gtest/gtest.h>

namespace millrace {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Sleep, lasts_until_its_moment) {
  const Timestamp moment = now() + milliseconds(5);
  EXPECT_TRUE(sleep_until(moment, {}));
  EXPECT_GE(now(), moment);
}

TEST(Sleep, does_not_wait_for_a_moment_that_has_passed) {
  EXPECT_TRUE(sleep_until(now() - seconds(1), {}));
}

TEST(Sleep, a_stop_request_ends_it_at_once) {
  std::stop_source stop;
  const Timestamp start = now();
  const std::jthread stopper([&stop] { stop.request_stop(); });
  EXPECT_FALSE(sleep_until(start + seconds(60), stop.get_token()));
  EXPECT_LT(now() - start, seconds(30));
}

TEST(Sleep, does_not_begin_after_a_stop_request) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(sleep_until(now() + seconds(60), stop.get_token()));
}

}  // namespace
}  // namespace millrace
