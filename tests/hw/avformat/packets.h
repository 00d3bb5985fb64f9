// SPDX-License-Identifier: MIT
// Access units to mux: taken from byte streams that the ffmpeg program made.
#pragma once

#include <string>
#include <vector>

#include "engine/format/stream_format.h"
#include "engine/memory/buffer.h"

namespace millrace::avformat::testing {

struct Stream {
  PacketFormat format;
  std::vector<std::string> units;  ///< access units in Annex B, the first of them a key frame
};

struct StreamParams {
  uint32_t width = 320;
  uint32_t height = 180;
  Fraction rate{30, 1};
  int frames = 45;
  std::string colour = "-color_range tv -color_primaries bt709 -color_trc bt709 -colorspace bt709";
};

/// A stream without B-frames, as our encoder makes it: a key frame every 30.
[[nodiscard]] Stream make_stream(const StreamParams& params);

/// The unit as a packet buffer, `index` frames into the stream.
[[nodiscard]] Ref<Buffer> packet(const Stream& stream, size_t index);

}  // namespace millrace::avformat::testing
