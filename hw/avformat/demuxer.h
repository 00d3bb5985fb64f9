// SPDX-License-Identifier: MIT
// Demuxer: the compressed packets of a file's best video stream.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "hw/avformat/av_handles.h"

namespace millrace::avformat {

class Demuxer {
 public:
  /// Errors: `usage` for a path that is no file or holds no video, `denied`, `source_lost` for a
  /// file that nothing can be read from.
  [[nodiscard]] static Result<Demuxer> open(const std::string& path);

  /// The next packet of the stream. False at the end, and where the file can be read no further,
  /// which is logged.
  [[nodiscard]] bool read(AVPacket& packet);

  [[nodiscard]] AVFormatContext& context() const { return *context_; }

  [[nodiscard]] AVStream& stream() const { return *stream_; }

 private:
  Demuxer(std::string path, InputHandle context, AVStream* stream)
      : path_(std::move(path)), context_(std::move(context)), stream_(stream) {}

  std::string path_;
  InputHandle context_;
  AVStream* stream_;  ///< of `context_`
};

}  // namespace millrace::avformat
