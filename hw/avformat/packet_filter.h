// SPDX-License-Identifier: MIT
// PacketFilter: writes the colour into the stream's headers where the encoder could not.
#pragma once

#include "engine/base/result.h"
#include "engine/format/stream_format.h"
#include "hw/avformat/av_handles.h"

namespace millrace::avformat {

class PacketFilter {
 public:
  /// A filter that writes `stream.colour` into every SPS.
  [[nodiscard]] static Result<PacketFilter> create(const PacketFormat& stream);

  /// Replaces `packet` by the filtered one.
  [[nodiscard]] Result<> apply(AVPacket& packet);

 private:
  explicit PacketFilter(FilterHandle filter) : filter_(std::move(filter)) {}

  FilterHandle filter_;
};

}  // namespace millrace::avformat
