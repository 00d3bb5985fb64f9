// SPDX-License-Identifier: MIT
#include "engine/run/latency_histogram.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(LatencyHistogram, is_zero_without_frames) {
  const LatencyHistogram histogram;

  EXPECT_EQ(histogram.percentile_ms(0.99), 0.0);
}

TEST(LatencyHistogram, tells_percentiles_to_an_eighth) {
  LatencyHistogram histogram;
  for (int ms = 1; ms <= 100; ++ms) histogram.add(std::chrono::milliseconds(ms));

  EXPECT_NEAR(histogram.percentile_ms(0.50), 50.0, 50.0 / 8 + 1);
  EXPECT_NEAR(histogram.percentile_ms(0.99), 99.0, 99.0 / 8 + 1);
}

TEST(LatencyHistogram, takes_latencies_that_no_clock_should_give) {
  LatencyHistogram histogram;
  histogram.add(Duration(-5));
  histogram.add(Duration::max());

  EXPECT_LT(histogram.percentile_ms(0.0), 1.0);
  EXPECT_GT(histogram.percentile_ms(1.0), 1.0e6);
}

}  // namespace
}  // namespace millrace
