// SPDX-License-Identifier: MIT
#include "hw/x11/pacer.h"

#include <algorithm>

namespace millrace::x11 {

bool is_late(const Slot& slot, Timestamp moment) {
  return moment - slot.due > slot.duration / 2;
}

Slot Pacer::next(Timestamp now) {
  if (!start_) start_ = now;
  const uint64_t number = std::max(next_, slot_at(now - *start_));
  next_ = number + 1;
  const Duration pts = frame_time(number, rate_);
  return {number, pts, frame_time(next_, rate_) - pts, *start_ + pts};
}

/// The last slot that is due at `elapsed`. Whole seconds apart from the rest: no product of the
/// three numbers fits 64 bits.
uint64_t Pacer::slot_at(Duration elapsed) const {
  constexpr uint64_t second = 1'000'000'000;
  const auto ns = static_cast<uint64_t>(elapsed.count());
  const auto num = static_cast<uint64_t>(rate_.num);
  const auto den = static_cast<uint64_t>(rate_.den);
  const uint64_t whole = ns / second * num;
  return whole / den + (whole % den * second + ns % second * num) / (den * second);
}

}  // namespace millrace::x11
