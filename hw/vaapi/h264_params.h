// SPDX-License-Identifier: MIT
// The VA parameter buffers of one picture, filled from the same description as the packed headers.
// Pure: the structs are values, nothing is sent here.
#pragma once

#include <optional>

#include <va/va.h>
#include <va/va_enc_h264.h>

#include "engine/base/export.h"
#include "hw/vaapi/h264_stream.h"
#include "hw/vaapi/rate_control.h"

namespace millrace::vaapi {

/// A reconstructed picture that another may refer to.
struct Reference {
  VASurfaceID surface = VA_INVALID_SURFACE;
  H264Picture picture;
};

struct PictureTargets {
  VASurfaceID reconstructed = VA_INVALID_SURFACE;
  VABufferID coded = VA_INVALID_ID;
  std::optional<Reference> reference;  ///< empty at an IDR
};

[[nodiscard]] MILLRACE_API VAEncSequenceParameterBufferH264
sequence_parameters(const H264Stream& stream);

[[nodiscard]] MILLRACE_API VAEncPictureParameterBufferH264 picture_parameters(
    const H264Stream& stream, const H264Picture& picture, const PictureTargets& targets);

[[nodiscard]] MILLRACE_API VAEncSliceParameterBufferH264 slice_parameters(
    const H264Stream& stream, const H264Picture& picture, const PictureTargets& targets);

[[nodiscard]] MILLRACE_API VAEncMiscParameterRateControl
rate_control_parameters(const RateControl& rate);

[[nodiscard]] MILLRACE_API VAEncMiscParameterHRD hrd_parameters(const RateControl& rate);

[[nodiscard]] MILLRACE_API VAEncMiscParameterFrameRate frame_rate_parameters(const WireRate& rate);

/// `preset` 0 (fastest) … 100 (best) over a driver's levels 1 (best) … `range` (fastest). None
/// where the driver's range gives no choice or is no count of levels.
[[nodiscard]] MILLRACE_API std::optional<uint32_t> quality_level(uint8_t preset, uint32_t range);

}  // namespace millrace::vaapi
