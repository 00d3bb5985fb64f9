// SPDX-License-Identifier: MIT
// Timestamp and Duration: nanoseconds of CLOCK_MONOTONIC, the one clock of every source.
#pragma once

#include <chrono>
#include <cstdint>

namespace millrace {

using Duration = std::chrono::nanoseconds;

/// A moment on CLOCK_MONOTONIC, or a moment of a stream that starts at zero.
using Timestamp = std::chrono::time_point<std::chrono::steady_clock, Duration>;

[[nodiscard]] inline Timestamp now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

/// An exact ratio, such as a frame rate of 30000/1001.
struct Fraction {
  int64_t num = 0;
  int64_t den = 1;
  friend bool operator==(const Fraction&, const Fraction&) = default;

  [[nodiscard]] double value() const {
    return den == 0 ? 0.0 : static_cast<double>(num) / static_cast<double>(den);
  }
};

/// The time of frame `number` at `rate`, rounded down to nanoseconds without ever drifting.
[[nodiscard]] inline Duration frame_time(uint64_t number, const Fraction& rate) {
  const auto num = static_cast<uint64_t>(rate.num);
  const uint64_t ticks = number * static_cast<uint64_t>(rate.den);
  const uint64_t nanoseconds = ticks % num * 1'000'000'000 / num;
  return std::chrono::seconds(ticks / num) + Duration(nanoseconds);
}

}  // namespace millrace
