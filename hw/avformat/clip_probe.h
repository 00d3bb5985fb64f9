// SPDX-License-Identifier: MIT
// What a clip's first decoded picture tells about all of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/format/stream_format.h"
#include "hw/avformat/av_handles.h"

namespace millrace::avformat {

/// What a decoder needs of the memory that it writes to.
struct DecoderNeeds {
  struct Plane {
    uint64_t stride_align = 1;
    uint64_t stride_min = 0;
    uint64_t rows_min = 0;
  };

  std::array<Plane, max_planes> plane{};
  uint64_t tail_bytes = 0;  ///< that it may touch behind the last row
  std::string source;       ///< the call that said so, with its answer
};

struct ClipFacts {
  uint32_t width = 0;  ///< visible pixels; may be odd
  uint32_t height = 0;
  AVPixelFormat format = AV_PIX_FMT_NONE;
  Colour colour;
  Fraction rate{25, 1};
  bool rate_known = false;
  int64_t first_pts = 0;     ///< in the stream's time base
  std::string decoder;       ///< "h264"
  std::string why_not_ours;  ///< why the decoder cannot write into our buffers; empty: it can
  DecoderNeeds needs;
  uint64_t references = 0;  ///< pictures that it keeps beside the one it writes, without threads
  std::string references_source;
  std::vector<std::string> remarks;
};

/// Decodes the first picture of `path`. Errors: those of Demuxer and Decoder, and `source_lost`
/// when there is no picture in the file.
[[nodiscard]] Result<ClipFacts> probe_clip(const std::string& path);

/// The needs for pictures of `width` x `height` as the decoder asks for them.
[[nodiscard]] DecoderNeeds needs_of(AVCodecContext& context, AVPixelFormat format, int width,
                                    int height);

}  // namespace millrace::avformat
