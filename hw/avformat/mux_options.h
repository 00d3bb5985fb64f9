// SPDX-License-Identifier: MIT
// What libavformat is told about a container and its streams.
#pragma once

#include <string>

#include "engine/format/stream_format.h"
#include "hw/avformat/av_handles.h"
#include "hw/avformat/container.h"

namespace millrace::avformat {

/// libavformat's name of the muxer: "matroska", "mp4", "h264".
[[nodiscard]] const char* muxer_name(Container container);

/// The muxer's options; the caller frees them.
[[nodiscard]] AVDictionary* muxer_options(Container container);

void describe_stream(const PacketFormat& format, const std::string& encoder_tag, AVStream& stream);

}  // namespace millrace::avformat
