// SPDX-License-Identifier: MIT
// The conversions into NV12, on planes. Pure but for the bytes that they write.
#pragma once

#include "engine/base/export.h"
#include "engine/format/stream_format.h"
#include "engine/memory/frame_view.h"

namespace millrace::yuv {

[[nodiscard]] MILLRACE_API bool can_convert(PixelFormat from, PixelFormat to);

/// Writes the picture `in` as NV12 in one pass. Where `out` is one pixel wider or higher, the last
/// column or row is repeated. RGB becomes what `out.colour` says; the numbers of YUV stay as they
/// are. Both sides hold whole visible planes of their formats.
MILLRACE_API void convert_to_nv12(const VideoFormat& in, const ReadPlanes& from,
                                  const VideoFormat& out, const WritePlanes& to);

}  // namespace millrace::yuv
