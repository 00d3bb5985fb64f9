// SPDX-License-Identifier: MIT
// What a recording is to be written as.
#pragma once

#include <string>
#include <vector>

#include "engine/format/stream_format.h"
#include "hw/avformat/container.h"

namespace millrace::avformat {

struct MuxSettings {
  std::string path;
  Container container = Container::automatic;
  bool overwrite = false;             ///< an existing regular file may be replaced
  std::vector<PacketFormat> streams;  ///< one input port "videoN" each
  std::string encoder_tag;            ///< "millrace 0.1.0 (driver …)", written into the file
};

}  // namespace millrace::avformat
