// SPDX-License-Identifier: MIT
// LatencyHistogram: how long frames took, in buckets that grow by an eighth of their octave, so
// that a percentile is right to about 12 %. Written by one thread, read by any.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "engine/base/time.h"

namespace millrace {

class LatencyHistogram {
 public:
  void add(Duration latency) noexcept {
    const auto us = static_cast<uint64_t>(latency.count() < 0 ? 0 : latency.count() / 1000);
    buckets_[bucket_of(us)].fetch_add(1, std::memory_order_relaxed);
  }

  /// The latency that `share` (0 to 1) of all frames stayed below, in milliseconds; 0 without
  /// frames.
  [[nodiscard]] double percentile_ms(double share) const {
    uint64_t total = 0;
    for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
    const auto wanted = static_cast<uint64_t>(share * static_cast<double>(total));
    uint64_t seen = 0;
    for (size_t index = 0; index < buckets_.size(); ++index) {
      seen += buckets_[index].load(std::memory_order_relaxed);
      if (total > 0 && seen > wanted) return static_cast<double>(upper_us(index)) / 1000.0;
      if (total > 0 && seen == total) return static_cast<double>(upper_us(index)) / 1000.0;
    }
    return 0.0;
  }

 private:
  static constexpr size_t steps = 8;  // a power of two
  static constexpr size_t octaves = 36;

  static size_t bucket_of(uint64_t us) {
    if (us < steps) return us;
    const auto octave = static_cast<size_t>(std::bit_width(us)) - 4;  // us in [8, 16): octave 0
    const size_t within = (us >> octave) - steps;
    const size_t index = steps + octave * steps + within;
    return index < steps * octaves ? index : steps * octaves - 1;
  }

  static uint64_t upper_us(size_t index) {
    if (index < steps) return index + 1;
    const size_t octave = (index - steps) / steps;
    const uint64_t within = (index - steps) % steps;
    return (steps + within + 1) << octave;
  }

  std::array<std::atomic<uint64_t>, steps * octaves> buckets_{};
};

}  // namespace millrace
