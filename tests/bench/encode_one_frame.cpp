// SPDX-License-Identifier: MIT
// The floor under a recorder's start: opens libx264 and a Matroska file, writes one grey frame,
// ends. What any program has to pay that records through libavcodec and libavformat.
// Usage: encode_one_frame OUT.mkv
#include <cstdio>
#include <cstring>

#include "tests/bench/av_owned.h"

namespace millrace::bench {
namespace {

Owned<AVCodecContext> open_encoder() {
  const AVCodec* x264 = avcodec_find_encoder_by_name("libx264");
  Owned<AVCodecContext> codec(x264 != nullptr ? avcodec_alloc_context3(x264) : nullptr);
  if (!codec) return nullptr;
  codec->width = codec->height = 64;
  codec->pix_fmt = AV_PIX_FMT_NV12;
  codec->time_base = {1, 30};
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  codec->thread_count = 1;
  return avcodec_open2(codec.get(), x264, nullptr) == 0 ? std::move(codec) : nullptr;
}

Owned<AVFrame> grey_frame() {
  Owned<AVFrame> frame(av_frame_alloc());
  frame->width = frame->height = 64;
  frame->format = AV_PIX_FMT_NV12;
  if (av_frame_get_buffer(frame.get(), 0) < 0) return nullptr;
  for (int plane = 0; plane < 2; ++plane) {
    const int rows = plane == 0 ? 64 : 32;
    std::memset(frame->data[plane], 128, static_cast<size_t>(frame->linesize[plane] * rows));
  }
  frame->pts = 0;
  return frame;
}

bool write_one_frame(const char* path) {
  const auto codec = open_encoder();
  const auto frame = grey_frame();
  const Owned<AVPacket> packet(av_packet_alloc());
  if (!codec || !frame || !packet) return false;
  const auto file = open_matroska(path, *codec);
  return file && avcodec_send_frame(codec.get(), frame.get()) == 0 &&
         avcodec_send_frame(codec.get(), nullptr) == 0 &&
         avcodec_receive_packet(codec.get(), packet.get()) == 0 &&
         av_interleaved_write_frame(file.get(), packet.get()) == 0 &&
         av_write_trailer(file.get()) == 0;
}

}  // namespace
}  // namespace millrace::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: encode_one_frame OUT.mkv\n");
    return 2;
  }
  av_log_set_level(AV_LOG_ERROR);
  if (millrace::bench::write_one_frame(argv[1])) return 0;
  std::fprintf(stderr, "error: %s was not written\n", argv[1]);
  return 1;
}
