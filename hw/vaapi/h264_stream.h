// SPDX-License-Identifier: MIT
// The one description of our H.264 stream from which both the packed headers and the VA parameter
// buffers are written, so that the two cannot disagree. Pure.
//
// The shape is the only one that all drivers agree on: progressive 4:2:0, parameter sets 0 and 0,
// one slice a picture, every picture a reference, P pictures with the one before as their only
// reference, picture order count of type 0.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/colour.h"
#include "hw/vaapi/h264_level.h"
#include "hw/vaapi/settings.h"

namespace millrace::vaapi {

/// Numerator and denominator as the VA frame rate buffer can hold them.
struct WireRate {
  uint32_t num = 30;
  uint32_t den = 1;
  friend bool operator==(const WireRate&, const WireRate&) = default;
};

/// The fraction nearest to `rate` with num < 65536 and den < 4096 (iHD keeps 12 bits of it).
[[nodiscard]] MILLRACE_API WireRate wire_rate(Fraction rate);

struct H264Stream {
  static constexpr unsigned frame_num_bits = 8;
  static constexpr unsigned poc_lsb_bits = 8;
  static constexpr uint32_t reference_frames = 1;
  static constexpr unsigned log2_max_mv_length = 15;

  H264Profile profile = H264Profile::high;
  Level level;
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t width_in_mbs = 0;
  uint32_t height_in_mbs = 0;
  WireRate frame_rate;
  Colour colour;
  uint32_t idr_period = 0;            ///< 0: only on demand
  uint32_t peak_bits_per_second = 0;  ///< 0 in CQP
  uint8_t pic_init_qp = 26;

  /// In units of two samples, as 4:2:0 has it.
  [[nodiscard]] uint32_t crop_right() const { return (width_in_mbs * 16 - width) / 2; }

  [[nodiscard]] uint32_t crop_bottom() const { return (height_in_mbs * 16 - height) / 2; }

  [[nodiscard]] bool is_cropped() const { return crop_right() != 0 || crop_bottom() != 0; }

  [[nodiscard]] bool has_cabac() const { return profile != H264Profile::constrained_baseline; }

  [[nodiscard]] bool has_transform_8x8() const { return profile == H264Profile::high; }
};

/// One picture of the stream: what changes from one to the next.
struct H264Picture {
  bool idr = true;
  uint32_t frame_num = 0;   ///< pictures since the IDR, modulo 2^frame_num_bits
  uint16_t idr_pic_id = 0;  ///< differs between consecutive IDRs
  int32_t poc = 0;          ///< twice the pictures since the IDR
  int8_t slice_qp_delta = 0;

  [[nodiscard]] uint32_t poc_lsb() const {
    return static_cast<uint32_t>(poc) & ((1U << H264Stream::poc_lsb_bits) - 1);
  }
};

struct StreamChoices {
  H264Profile profile = H264Profile::high;
  uint32_t peak_bits_per_second = 0;
  uint8_t pic_init_qp = 26;
};

/// Refuses what H.264 4:2:0 cannot say: no size, an odd size, a size beyond 16 bits of macroblocks.
[[nodiscard]] MILLRACE_API Result<H264Stream> describe_stream(const EncoderSettings& settings,
                                                              const StreamChoices& choices);

/// The picture after `last`: the next P picture, or an IDR where one is due.
[[nodiscard]] MILLRACE_API H264Picture next_picture(const H264Picture& last, bool idr);

}  // namespace millrace::vaapi
