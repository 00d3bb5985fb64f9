// SPDX-License-Identifier: MIT
// What a recording is to be written as.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "engine/format/stream_format.h"
#include "hw/avformat/container.h"

namespace millrace::avformat {

/// What became of a recording.
struct WrittenFile {
  bool stands = false;  ///< a regular file, under its path, that plays
  uint64_t frames = 0;  ///< whole ones in it, or in the pipe
  Duration length{};    ///< presentation end of the newest of them
};

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
  /// Called once, by whoever ends the stage, when nothing more is written.
  std::function<void(const WrittenFile&)> on_end;
  /// Once it is asked for, the reader of a pipe has to read on, or is given up.
  std::stop_token stop;
};

}  // namespace millrace::avformat
