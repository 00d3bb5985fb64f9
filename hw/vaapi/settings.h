// SPDX-License-Identifier: MIT
// What the user asks of the encoder, in the units of the command line. No VA type appears here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/time.h"
#include "engine/format/colour.h"

namespace millrace::vaapi {

enum class RateMode {
  automatic,  ///< CQP unless a bit rate is given; falls to what the driver has, loudly
  cqp,        ///< every picture at the same quantiser
  vbr,        ///< `bitrate` on average, `max_bitrate` at the peak
  cbr,        ///< `bitrate` always
};

/// Which rungs of the memory ladder may be taken.
enum class MemoryPath {
  automatic,  ///< the best that works
  shared,     ///< only those where a file is shared with the driver, and the CPU copies nothing
  copied,     ///< only the last: nothing is shared, every frame is copied once
};

/// Low latency is not a choice: no B-frames, one reference, one slice.
struct EncoderSettings {
  uint32_t width = 0;   ///< of the visible picture; even
  uint32_t height = 0;  ///< of the visible picture; even
  Fraction frame_rate{30, 1};
  Colour colour;
  RateMode rate_mode = RateMode::automatic;
  std::optional<uint8_t> qp;            ///< 1…51; unset: 26
  std::optional<uint32_t> bitrate;      ///< bits per second
  std::optional<uint32_t> max_bitrate;  ///< bits per second, VBR only; unset: twice `bitrate`
  uint32_t keyint = 0;                  ///< frames from one IDR to the next; 0: only on demand
  /// 0 (fastest) … 100 (best), stretched over the driver's own range; unset: the driver's default.
  std::optional<uint8_t> quality_preset;
  MemoryPath memory_path = MemoryPath::automatic;
  bool access_unit_delimiters = true;
  std::string user_data;  ///< text of an SEI on every IDR; empty: none
};

}  // namespace millrace::vaapi
