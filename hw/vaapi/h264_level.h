// SPDX-License-Identifier: MIT
// The lowest H.264 level that a stream fits (ITU-T H.264, table A-1). Pure.
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/time.h"

namespace millrace::vaapi {

enum class H264Profile : uint8_t { constrained_baseline = 66, main = 77, high = 100 };

struct LevelNeeds {
  H264Profile profile = H264Profile::high;
  uint32_t width_in_mbs = 0;
  uint32_t height_in_mbs = 0;
  uint32_t reference_frames = 1;
  Fraction frame_rate{30, 1};
  uint64_t peak_bits_per_second = 0;  ///< 0 where the rate is not bounded (CQP)
};

struct Level {
  uint8_t idc = 0;        ///< ten times the level: 41 is level 4.1
  bool exceeded = false;  ///< even the highest level is too small; decoders may refuse
};

[[nodiscard]] MILLRACE_API Level choose_level(const LevelNeeds& needs);

}  // namespace millrace::vaapi
