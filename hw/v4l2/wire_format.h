// SPDX-License-Identifier: MIT
// v4l2_format, filled and read: what is asked of a device, and what it grants. Pure.
//
// Only formats whose planes lie in one block of memory are used, so the single-planar and the
// multi-planar interface differ in where the same numbers stand.
#pragma once

#include <cstdint>
#include <string>

#include <linux/videodev2.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"
#include "engine/format/stream_format.h"
#include "engine/graph/provenance.h"

namespace millrace::v4l2 {

/// What a device has granted.
struct Grant {
  VideoFormat video;
  uint32_t code = 0;  ///< V4L2's name of the pixel format
  Layout layout;
  uint64_t image_bytes = 0;  ///< of one picture, as the device wants it
  Provenance why;            ///< the call and its answer
};

[[nodiscard]] MILLRACE_API v4l2_format describe_format(const VideoFormat& video, uint32_t code,
                                                       bool multi_planar);

/// "YUYV 640x480, bytesperline 1280, sizeimage 614400".
[[nodiscard]] MILLRACE_API std::string format_text(const v4l2_format& wire);

/// The answer of `call` to a wish for `wished`, whose rate and colour it keeps. Errors:
/// `unavailable` for another pixel format, fields, planes in several blocks, and numbers that make
/// no picture.
[[nodiscard]] MILLRACE_API Result<Grant> read_format(const v4l2_format& wire,
                                                     const VideoFormat& wished,
                                                     const std::string& call);

}  // namespace millrace::v4l2
