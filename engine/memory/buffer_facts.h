// SPDX-License-Identifier: MIT
// What a Buffer says about its frame or packet, apart from its bytes.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time.h"
#include "engine/memory/fence.h"

namespace millrace {

struct BufferFlags {
  bool key = false;            ///< a packet that decoding can start with
  bool repeated = false;       ///< the same picture as the frame before
  bool late = false;           ///< captured more than half a frame's time after it was due
  bool corrupted = false;      ///< delivered, but known to be damaged
  bool discontinuity = false;  ///< what came before does not lead up to this
  bool delta = false;          ///< a packet that needs others before it
  bool header = false;         ///< no picture, but what is needed to decode the following ones
  bool gap = false;            ///< stands for something that is missing
  friend bool operator==(const BufferFlags&, const BufferFlags&) = default;
};

/// Facts of the frame that are not about its bytes; carried from frame to packet.
struct BufferTiming {
  std::optional<Duration> pts;  ///< presentation time from the stream's start
  std::optional<Duration> dts;  ///< decoding time; none where it equals pts
  std::optional<Duration> duration;
  std::optional<uint64_t> offset;      ///< of the first byte or sample, as the source counts
  std::optional<uint64_t> offset_end;  ///< of the one after the last
  Timestamp captured{};                ///< when the source had the frame, on CLOCK_MONOTONIC
  uint64_t sequence = 0;  ///< number of the frame at its source; a gap: frames that it skipped
  friend bool operator==(const BufferTiming&, const BufferTiming&) = default;
};

/// What devices still do with the bytes.
struct BufferFences {
  FenceList acquire;  ///< until then they are not ready for a reader
  FenceList release;  ///< until then somebody may be reading them
};

}  // namespace millrace
