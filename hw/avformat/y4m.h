// SPDX-License-Identifier: MIT
// The headers of a YUV4MPEG2 file (.y4m), as the tools of mjpegtools write them.
// https://wiki.multimedia.cx/index.php/YUV4MPEG2. Safe on any bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/base/export.h"
#include "engine/format/stream_format.h"

namespace millrace::avformat {

inline constexpr size_t longest_y4m_header = 256;  ///< bytes; real ones have some 60

struct Y4mHeader {
  VideoFormat video;  ///< I420
  size_t bytes = 0;   ///< of the header, its newline included
};

/// Whether a file that begins with `text` claims to be one.
[[nodiscard]] MILLRACE_API bool is_y4m(std::string_view text);

/// The header at the start of `text`. Nothing when it is damaged, or the samples are not 8-bit
/// 4:2:0.
[[nodiscard]] MILLRACE_API std::optional<Y4mHeader> parse_y4m_header(std::string_view text);

/// Bytes of the "FRAME…" line at the start of `text`; nothing when there is none.
[[nodiscard]] MILLRACE_API std::optional<size_t> parse_y4m_frame(std::string_view text);

}  // namespace millrace::avformat
