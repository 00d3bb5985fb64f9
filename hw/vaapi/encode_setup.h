// SPDX-License-Identifier: MIT
// Everything that is settled before the first picture: which profile and entry point, which rate
// control, which headers, which stream. Asks the driver, allocates no picture.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/vaapi/caps.h"
#include "hw/vaapi/h264_stream.h"
#include "hw/vaapi/handles.h"
#include "hw/vaapi/rate_control.h"
#include "hw/vaapi/settings.h"

namespace millrace::vaapi {

struct EncodeSetup {
  SharedDisplay display;
  EncoderSettings settings;
  EncodeCaps caps;
  RateControl rate;
  H264Stream stream;
  uint32_t packed_headers = 0;            ///< VA_ENC_PACKED_HEADER_… that we send: all advertised
  std::optional<uint32_t> quality_level;  ///< set when a preset was asked and the driver has levels
  bool intra_only = false;                ///< the driver has no references: every picture is an IDR
  Config config;
  SurfaceCaps surfaces;
  std::vector<std::string> warnings;  ///< what the user asked and does not get

  /// Without a packed SPS there is no way to write colour: the muxer must.
  [[nodiscard]] bool has_colour_in_stream() const {
    return (packed_headers & VA_ENC_PACKED_HEADER_SEQUENCE) != 0;
  }

  /// The size of the context and of reconstructed pictures: whole macroblocks.
  [[nodiscard]] SurfaceSize coded_size() const {
    return {stream.width_in_mbs * 16, stream.height_in_mbs * 16};
  }

  [[nodiscard]] SurfaceSize picture_size() const { return {stream.width, stream.height}; }
};

/// Errors: `usage` for settings that H.264 cannot hold, `unavailable` for what this driver has not.
[[nodiscard]] MILLRACE_API Result<EncodeSetup> set_up_encoding(SharedDisplay display,
                                                               const EncoderSettings& settings);

/// One of the driver's ways to encode, and the rate control that it would be used with.
struct Way {
  EncodeCaps caps;
  RateControl rate;
};

/// The first way that gives all that is asked, else the first that gives most of it. Pure.
[[nodiscard]] MILLRACE_API Result<Way> choose_way(const std::vector<EncodeCaps>& ways,
                                                  const EncoderSettings& settings);

}  // namespace millrace::vaapi
