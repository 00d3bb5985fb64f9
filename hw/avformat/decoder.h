// SPDX-License-Identifier: MIT
// Decoder: libavcodec's decoder for a demuxer's stream.
//
// Damaged packets do not end it: like the ffmpeg program it goes on with the next one.
// Confined to one thread at a time; libavcodec's own threads call back into `get_buffer2` only.
#pragma once

#include <stop_token>

#include "engine/base/result.h"
#include "hw/avformat/av_handles.h"
#include "hw/avformat/demuxer.h"

namespace millrace::avformat {

class Decoder {
 public:
  using GetBuffer = int (*)(AVCodecContext* context, AVFrame* frame, int flags);

  struct Params {
    int threads = 1;
    GetBuffer get_buffer = nullptr;
    void* opaque = nullptr;  ///< AVCodecContext::opaque, for `get_buffer`
  };

  /// Errors: `unavailable` without a decoder for the codec.
  [[nodiscard]] static Result<Decoder> open(Demuxer& demuxer, const Params& params);

  /// The next picture. False at the end, and when `stop` is asked for.
  [[nodiscard]] bool next(AVFrame& frame, const std::stop_token& stop);

  [[nodiscard]] AVCodecContext& context() const { return *context_; }

  [[nodiscard]] Demuxer& demuxer() const { return *demuxer_; }

 private:
  Decoder(Demuxer& demuxer, CodecHandle context);
  void feed();

  Demuxer* demuxer_;
  PacketHandle packet_;
  CodecHandle context_;
  bool drained_ = false;  ///< the decoder knows that no packet will follow
  int drain_errors_ = 0;  ///< damaged pictures since then
};

}  // namespace millrace::avformat
