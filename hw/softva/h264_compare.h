// SPDX-License-Identifier: MIT
// Whether packed headers say what the parameter buffers say. A hardware driver trusts that they do:
// it codes from the buffers and emits the headers, and where they differ the stream is broken.
#pragma once

#include <va/va.h>
#include <va/va_enc_h264.h>

#include "engine/base/result.h"
#include "hw/softva/h264_pps.h"
#include "hw/softva/h264_slice_header.h"
#include "hw/softva/h264_sps.h"

namespace millrace::softva {

/// The first difference by name and value, as INVALID_PARAMETER.
[[nodiscard]] Result<> compare_sps(const Sps& sps, const VAEncSequenceParameterBufferH264& sequence,
                                   VAProfile profile);
[[nodiscard]] Result<> compare_pps(const Pps& pps, const VAEncPictureParameterBufferH264& picture);
[[nodiscard]] Result<> compare_slice(const SliceHeader& header,
                                     const VAEncSliceParameterBufferH264& slice,
                                     const VAEncPictureParameterBufferH264& picture,
                                     const Sps& sps);

}  // namespace millrace::softva
