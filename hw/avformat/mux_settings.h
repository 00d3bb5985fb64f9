// SPDX-License-Identifier: MIT
// What a recording is to be written as.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/format/stream_format.h"
#include "hw/avformat/container.h"

namespace millrace::avformat {

struct MuxSettings {
  std::string path;  ///< "-" is what `stream` is open for
  Container container = Container::automatic;
  bool overwrite = false;             ///< an existing regular file may be replaced
  std::vector<PacketFormat> streams;  ///< one input port "videoN" each
  std::string encoder_tag;            ///< "millrace 0.1.0 (driver …)", written into the file
  int stream = -1;                    ///< borrowed: written to instead of opening `path`
  uint64_t min_free = 0;              ///< bytes that shall stay free on the file's file system
  /// Called once, on the stage's thread, when fewer are left, with their number: end the recording,
  /// while there is room to finish the file. Not for pipes, devices and stdout.
  std::function<void(uint64_t)> on_low_space;
};

}  // namespace millrace::avformat
