// SPDX-License-Identifier: MIT
// Ticks: the processor's own counter, read in one instruction, for moments that are noted with
// every frame and looked at by few. TickClock: what time such a moment was.
//
// x86: the time stamp counter, which runs at one speed on all cores of every machine since 2008;
// aarch64: the virtual counter. Elsewhere nanoseconds of CLOCK_MONOTONIC.
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/time.h"

namespace millrace {

[[nodiscard]] inline uint64_t ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t count;
  asm volatile("mrs %0, cntvct_el0" : "=r"(count));
  return count;
#else
  return static_cast<uint64_t>(now().time_since_epoch().count());
#endif
}

/// Measures the counter's speed from when it was made until it is asked; make it before the first
/// moment that it shall tell. Thread-safe.
class MILLRACE_API TickClock {
 public:
  TickClock() : first_ticks_(ticks()), first_time_(now()) {}

  [[nodiscard]] Timestamp time_of(uint64_t moment) const;

 private:
  uint64_t first_ticks_;
  Timestamp first_time_;
};

}  // namespace millrace
