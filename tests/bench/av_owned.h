// SPDX-License-Identifier: MIT
// What the floors take from libav: owners of its objects, and a Matroska file with one stream.
#pragma once

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace millrace::bench {

struct Free {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }

  void operator()(AVFrame* frame) const { av_frame_free(&frame); }

  void operator()(AVPacket* packet) const { av_packet_free(&packet); }

  void operator()(AVFormatContext* file) const {
    avio_closep(&file->pb);
    avformat_free_context(file);
  }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

/// The file at `path` with its header written, for packets of `codec`; null where that fails.
inline Owned<AVFormatContext> open_matroska(const char* path, const AVCodecContext& codec) {
  AVFormatContext* made = nullptr;
  if (avformat_alloc_output_context2(&made, nullptr, "matroska", path) < 0) return nullptr;
  Owned<AVFormatContext> file(made);
  AVStream* stream = avformat_new_stream(made, nullptr);
  if (stream == nullptr || avcodec_parameters_from_context(stream->codecpar, &codec) < 0)
    return nullptr;
  stream->time_base = codec.time_base;
  const bool ready =
      avio_open(&made->pb, path, AVIO_FLAG_WRITE) >= 0 && avformat_write_header(made, nullptr) >= 0;
  return ready ? std::move(file) : nullptr;
}

}  // namespace millrace::bench
