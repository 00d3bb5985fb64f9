// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/decoded.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

#include "tests/hw/vaapi/frames.h"

namespace millrace::vaapi::testing {
namespace {

std::string* listener = nullptr;

void listen(void*, int level, const char* format, va_list arguments) {
  if (listener == nullptr || level > AV_LOG_WARNING) return;
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  *listener += text.data();
}

struct FreeContext {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

using Context = std::unique_ptr<AVCodecContext, FreeContext>;
using Packet = std::unique_ptr<AVPacket, FreePacket>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;

DecodedFrame copy_of(const AVFrame& frame) {
  DecodedFrame copy{.key = frame.key_frame != 0,
                    .width = static_cast<uint32_t>(frame.width),
                    .height = static_cast<uint32_t>(frame.height),
                    .primaries = frame.color_primaries,
                    .transfer = frame.color_trc,
                    .matrix = frame.colorspace,
                    .full_range = frame.color_range == AVCOL_RANGE_JPEG};
  for (int y = 0; y < frame.height; ++y) {
    const uint8_t* const row = frame.data[0] + static_cast<ptrdiff_t>(y) * frame.linesize[0];
    copy.luma.insert(copy.luma.end(), row, row + frame.width);
  }
  return copy;
}

void receive(AVCodecContext* context, Decoded& decoded) {
  const Frame frame(av_frame_alloc());
  while (avcodec_receive_frame(context, frame.get()) == 0) {
    decoded.frames.push_back(copy_of(*frame));
  }
}

void send(AVCodecContext* context, std::span<const uint8_t> bytes, Decoded& decoded) {
  const Packet packet(av_packet_alloc());
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) return;
  std::copy(bytes.begin(), bytes.end(), packet->data);
  if (avcodec_send_packet(context, packet.get()) < 0) decoded.complaints += "packet refused; ";
  receive(context, decoded);
}

}  // namespace

Decoded decode(std::span<const std::vector<uint8_t>> packets) {
  Decoded decoded;
  listener = &decoded.complaints;
  av_log_set_callback(listen);
  const Context context(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264)));
  context->thread_count = 1;
  context->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_EXPLODE;
  if (avcodec_open2(context.get(), nullptr, nullptr) == 0) {
    for (const std::vector<uint8_t>& packet : packets) send(context.get(), packet, decoded);
    avcodec_send_packet(context.get(), nullptr);
    receive(context.get(), decoded);
    decoded.reordering = context->has_b_frames;
  }
  av_log_set_callback(av_log_default_callback);
  listener = nullptr;
  return decoded;
}

double luma_psnr(const DecodedFrame& frame, uint64_t number) {
  double squares = 0;
  for (uint32_t y = 0; y < frame.height; ++y) {
    for (uint32_t x = 0; x < frame.width; ++x) {
      const double difference =
          double{frame.luma[size_t{y} * frame.width + x] * 1.0} - luma_at(x, y, number);
      squares += difference * difference;
    }
  }
  const double mean = squares / (double{frame.width * 1.0} * frame.height);
  return mean == 0 ? 100 : 10 * std::log10(255 * 255 / mean);
}

}  // namespace millrace::vaapi::testing
