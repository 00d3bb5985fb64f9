// SPDX-License-Identifier: MIT
// Which rate control mode to configure: what the user asked against what the driver offers. Pure.
//
// A mode that was asked by name is used or refused. One that was only implied (by a bit rate, or by
// nothing) may fall to another, at worst to constant QP, with a warning: low-power entry points
// without their firmware offer nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/vaapi/settings.h"

namespace millrace::vaapi {

struct RateControl {
  RateMode mode = RateMode::cqp;  ///< never `automatic`
  /// The one bit for VAConfigAttribRateControl, or nothing where the driver does not know the
  /// attribute.
  std::optional<uint32_t> va_mode;
  uint8_t qp = 26;                    ///< CQP: of every picture; else only where coding starts
  uint32_t peak_bits_per_second = 0;  ///< 0 in CQP
  uint32_t target_percentage = 100;   ///< 1…100, of the peak
  uint32_t buffer_bits = 0;           ///< of the decoder's buffer: one second at the peak
  std::string reason;                 ///< why this mode
  std::string warning;                ///< what the user did not get; empty where all is as asked

  [[nodiscard]] bool has_bitrate() const { return mode != RateMode::cqp; }
};

/// `offered` is the driver's VAConfigAttribRateControl; empty where it does not know the attribute.
[[nodiscard]] MILLRACE_API Result<RateControl> choose_rate_control(const EncoderSettings& settings,
                                                                   std::optional<uint32_t> offered);

/// "cqp", "vbr", "cbr", "auto".
[[nodiscard]] MILLRACE_API std::string to_string(RateMode mode);

}  // namespace millrace::vaapi
