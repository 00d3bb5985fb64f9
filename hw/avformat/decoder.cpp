// SPDX-License-Identifier: MIT
#include "hw/avformat/decoder.h"

#include <fmt/format.h>

#include "hw/avformat/av_error.h"

namespace millrace::avformat {
namespace {

// More than any decoder can hold back: one that goes on failing has nothing left to give.
constexpr int most_drain_errors = 64;

}  // namespace

Decoder::Decoder(Demuxer& demuxer, CodecHandle context)
    : demuxer_(&demuxer), packet_(av_packet_alloc()), context_(std::move(context)) {}

Result<Decoder> Decoder::open(Demuxer& demuxer, const Params& params) {
  const AVStream& stream = demuxer.stream();
  const std::string name = avcodec_get_name(stream.codecpar->codec_id);
  const AVCodec* const codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) {
    return fail(ErrorKind::unavailable,
                fmt::format("decode {} of {}: this libavcodec has no decoder for it", name,
                            demuxer.context().url),
                "Convert the clip with a program that reads it, or install a fuller libavcodec.");
  }
  CodecHandle context(avcodec_alloc_context3(codec));
  int code =
      context ? avcodec_parameters_to_context(context.get(), stream.codecpar) : AVERROR(ENOMEM);
  if (code >= 0) {
    context->pkt_timebase = stream.time_base;
    context->thread_count = params.threads;
    context->opaque = params.opaque;
    if (params.get_buffer != nullptr) context->get_buffer2 = params.get_buffer;
    code = avcodec_open2(context.get(), codec, nullptr);
  }
  Decoder decoder(demuxer, std::move(context));
  if (code >= 0 && !decoder.packet_) code = AVERROR(ENOMEM);
  if (code < 0) {
    return fail_av(ErrorKind::source_lost,
                   fmt::format("open the {} decoder for {}", name, demuxer.context().url), code,
                   "The file may be damaged: try to play it.");
  }
  return decoder;
}

void Decoder::feed() {
  if (!demuxer_->read(*packet_)) {
    avcodec_send_packet(context_.get(), nullptr);
    drained_ = true;
    return;
  }
  // What a damaged packet still yields comes out of `next`; its error says nothing more.
  avcodec_send_packet(context_.get(), packet_.get());
  av_packet_unref(packet_.get());
}

bool Decoder::next(AVFrame& frame, const std::stop_token& stop) {
  while (!stop.stop_requested() && drain_errors_ <= most_drain_errors) {
    const int code = avcodec_receive_frame(context_.get(), &frame);
    if (code == 0) return true;
    if (code == AVERROR_EOF) return false;
    if (code == AVERROR(EAGAIN)) {
      if (drained_) return false;
      feed();
    } else if (drained_) {
      ++drain_errors_;
    }
  }
  return false;
}

}  // namespace millrace::avformat
