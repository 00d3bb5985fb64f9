// SPDX-License-Identifier: MIT
// Owners of libav's objects: each frees its object in the way that libav asks for.
#pragma once

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace millrace::avformat {

struct CloseInput {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};

/// Frees a muxer; its AVIOContext belongs to somebody else.
struct FreeMuxer {
  void operator()(AVFormatContext* context) const { avformat_free_context(context); }
};

struct FreeCodec {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};

struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

struct FreeFilter {
  void operator()(AVBSFContext* context) const { av_bsf_free(&context); }
};

struct FreeScaler {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

using InputHandle = std::unique_ptr<AVFormatContext, CloseInput>;
using MuxerHandle = std::unique_ptr<AVFormatContext, FreeMuxer>;
using CodecHandle = std::unique_ptr<AVCodecContext, FreeCodec>;
using FrameHandle = std::unique_ptr<AVFrame, FreeFrame>;
using PacketHandle = std::unique_ptr<AVPacket, FreePacket>;
using FilterHandle = std::unique_ptr<AVBSFContext, FreeFilter>;
using ScalerHandle = std::unique_ptr<SwsContext, FreeScaler>;

}  // namespace millrace::avformat
