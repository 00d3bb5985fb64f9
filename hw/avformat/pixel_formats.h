// SPDX-License-Identifier: MIT
// Our pixel formats in libav's terms.
#pragma once

#include <optional>

extern "C" {
#include <libavutil/pixfmt.h>
}

#include "engine/format/pixel_format.h"

namespace millrace::avformat {

/// The format of ours that has the same bytes in memory; alpha counts as padding.
[[nodiscard]] std::optional<PixelFormat> from_av(AVPixelFormat format);

[[nodiscard]] AVPixelFormat to_av(PixelFormat format);

/// libav's name: "yuv420p10le".
[[nodiscard]] const char* av_name(AVPixelFormat format);

}  // namespace millrace::avformat
