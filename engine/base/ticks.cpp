// SPDX-License-Identifier: MIT
#include "engine/base/ticks.h"

#include <algorithm>

namespace millrace {

Timestamp TickClock::time_of(uint64_t moment) const {
  const uint64_t ticks_now = ticks();
  const Timestamp time_now = now();
  const uint64_t elapsed = std::max<uint64_t>(ticks_now - first_ticks_, 1);
  // Cores may differ by a few ticks, so a moment may seem to lie a little outside.
  const uint64_t since = moment < first_ticks_ ? 0 : std::min(moment - first_ticks_, elapsed);
  const double part = static_cast<double>(since) / static_cast<double>(elapsed);
  const auto span = static_cast<double>((time_now - first_time_).count());
  return first_time_ + Duration(static_cast<int64_t>(part * span));
}

}  // namespace millrace
