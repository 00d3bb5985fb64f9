// SPDX-License-Identifier: MIT
// How many decoded pictures a decoder keeps: for reference, and until their turn to be shown.
#pragma once

#include <cstdint>
#include <string>

#include "hw/avformat/av_handles.h"

namespace millrace::avformat {

struct HeldPictures {
  uint64_t count = 0;
  std::string source;  ///< which rule says so
};

/// The most pictures that the decoder behind `context` keeps without threads, the one it writes
/// included.
[[nodiscard]] HeldPictures held_pictures(const AVCodecContext& context);

/// MaxDpbFrames of ITU-T H.264, A.3.1; 16 for a level that the table does not have.
[[nodiscard]] uint64_t h264_dpb_frames(int level, int width, int height);

}  // namespace millrace::avformat
