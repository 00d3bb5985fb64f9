// SPDX-License-Identifier: MIT
// Pacer: which frame is due when. Pure: it is told the time.
//
// Slot k is due k / rate after the first call, exactly, so that rounding never adds up. A source
// that fell behind by more than a slot continues with the slot that is due now: the missed ones are
// skipped as whole slots, and what follows is not bunched.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/export.h"
#include "engine/base/time.h"

namespace millrace::x11 {

struct Slot {
  uint64_t number = 0;
  Duration pts{};       ///< number / rate
  Duration duration{};  ///< until the next slot
  Timestamp due{};
};

/// A frame of `slot` that is handed out at `moment` comes more than half its duration after it.
[[nodiscard]] MILLRACE_API bool is_late(const Slot& slot, Timestamp moment);

class MILLRACE_API Pacer {
 public:
  /// Both terms of `rate` are 1 to 10^9.
  explicit Pacer(const Fraction& rate) : rate_(rate) {}

  /// The slot to serve next. The first call sets the start of time.
  Slot next(Timestamp now);

 private:
  [[nodiscard]] uint64_t slot_at(Duration elapsed) const;

  const Fraction rate_;
  std::optional<Timestamp> start_;
  uint64_t next_ = 0;
};

}  // namespace millrace::x11
