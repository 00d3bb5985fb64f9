// SPDX-License-Identifier: MIT
#include "engine/base/time.h"

#include <ctime>

#include <gtest/gtest.h>

namespace millrace {
namespace {

Duration monotonic_clock() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

TEST(Time, now_reads_the_monotonic_clock_of_the_kernel) {
  const Duration before = monotonic_clock();
  const Duration seen = now().time_since_epoch();
  const Duration after = monotonic_clock();
  EXPECT_LE(before, seen);
  EXPECT_LE(seen, after);
}

TEST(Fraction, gives_its_value_and_zero_for_a_zero_denominator) {
  EXPECT_DOUBLE_EQ((Fraction{30000, 1001}).value(), 30000.0 / 1001.0);
  EXPECT_EQ((Fraction{1, 0}).value(), 0.0);
}

TEST(FrameTime, does_not_drift_over_a_day_of_an_uneven_rate) {
  const Fraction ntsc{30000, 1001};
  EXPECT_EQ(frame_time(1, ntsc), Duration(33'366'666));
  EXPECT_EQ(frame_time(30000, ntsc), std::chrono::seconds(1001));
  EXPECT_EQ(frame_time(30000ULL * 86400, ntsc), std::chrono::seconds(1001) * 86400);
}

}  // namespace
}  // namespace millrace
