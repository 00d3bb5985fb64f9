// SPDX-License-Identifier: MIT
// RunSnapshot: the numbers of one instant of a run, all that a progress line or a summary sees.
#pragma once

#include <cstdint>

#include "engine/base/time.h"

namespace millrace {

struct RunSnapshot {
  uint64_t captured = 0;      ///< frames that sources handed out
  uint64_t delivered = 0;     ///< frames that reached the sink, as packets or raw
  uint64_t dropped = 0;       ///< captured but never delivered; counted once the run has ended
  uint64_t skipped = 0;       ///< that sources could not hand out in time: gaps in their numbers
  uint64_t late = 0;          ///< captured more than half a frame's time after they were due
  uint64_t duplicated = 0;    ///< delivered with the same picture as the frame before
  uint64_t corrupted = 0;     ///< delivered, but known to be damaged
  uint64_t packet_bytes = 0;  ///< compressed bytes that reached the sink; apart from frame bytes
  double latency_p50_ms = 0;  ///< from the source's capture stamp to the sink's return
  double latency_p99_ms = 0;
  Duration elapsed{};          ///< since the run began
  Duration stream_time{};      ///< presentation end of the newest delivered frame
  bool limit_reached = false;  ///< it ended because the limits of the run were reached
  bool source_ended = false;   ///< a source had no more, before anybody asked it to stop
  bool finished = false;

  [[nodiscard]] uint64_t distinct() const { return delivered - duplicated; }

  [[nodiscard]] double fps() const {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    return seconds > 0 ? static_cast<double>(delivered) / seconds : 0.0;
  }
};

}  // namespace millrace
