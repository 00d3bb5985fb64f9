// SPDX-License-Identifier: MIT
#include "hw/softva/h264_encoder.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

#include "hw/softva/av_frame.h"
#include "hw/softva/encoder_options.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_av(const std::string& act, int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return refuse(
      error == AVERROR(ENOMEM) ? VA_STATUS_ERROR_ALLOCATION_FAILED : VA_STATUS_ERROR_ENCODING_ERROR,
      act + ": " + text);
}

}  // namespace

std::string choose_h264_encoder(const std::string& only) {
  for (const char* const name : {"libx264", "libopenh264"})
    if ((only.empty() || only == name) && avcodec_find_encoder_by_name(name) != nullptr)
      return name;
  return {};
}

void H264Encoder::FreeContext::operator()(AVCodecContext* context) const {
  avcodec_free_context(&context);
}

void H264Encoder::FreePacket::operator()(AVPacket* packet) const {
  av_packet_free(&packet);
}

Result<std::unique_ptr<H264Encoder>> H264Encoder::open(const EncoderSettings& settings) {
  const AVCodec* const codec = avcodec_find_encoder_by_name(settings.stream.encoder.c_str());
  if (codec == nullptr)
    return refuse(VA_STATUS_ERROR_ENCODING_ERROR,
                  "open the encoder: libavcodec has no " + settings.stream.encoder);
  ContextOwner context(avcodec_alloc_context3(codec));
  if (!context) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  set_stream_options(*context, settings.stream);
  set_rate_options(*context, settings);
  const int opened = avcodec_open2(context.get(), codec, nullptr);
  if (opened < 0)
    return refuse_av("open " + settings.stream.encoder + " for " +
                         std::to_string(settings.stream.width) + "x" +
                         std::to_string(settings.stream.height),
                     opened);
  std::unique_ptr<H264Encoder> encoder(new H264Encoder(std::move(context), settings));
  if (!encoder->packet_) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  return encoder;
}

H264Encoder::H264Encoder(ContextOwner context, EncoderSettings settings)
    : settings_(std::move(settings)), context_(std::move(context)), packet_(av_packet_alloc()) {}

H264Encoder::~H264Encoder() = default;

Result<CodedPicture> H264Encoder::encode(const Pixels& pixels, Request request) {
  const FrameOwner frame = wrap_pixels(*context_, pixels, planar_chroma_);
  if (!frame) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  frame->pts = next_pts_++;
  frame->pict_type = request.is_idr ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_P;
  if (settings_.rate.mode == VA_RC_CQP && settings_.quantisers.form == Quantisers::Form::by_picture)
    set_next_quantiser(*context_, request.qp);
  const int sent = avcodec_send_frame(context_.get(), frame.get());
  if (sent < 0) return refuse_av("encode a picture", sent);
  return receive(request.is_idr);
}

Result<CodedPicture> H264Encoder::receive(bool want_key) {
  const int received = avcodec_receive_packet(context_.get(), packet_.get());
  if (received < 0) return refuse_av("get the coded picture", received);
  CodedPicture picture;
  picture.is_key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
  picture.bytes.assign(packet_->data, packet_->data + packet_->size);
  picture.average_qp = packet_quantiser(*packet_);
  av_packet_unref(packet_.get());
  if (picture.is_key != want_key)
    return refuse(VA_STATUS_ERROR_ENCODING_ERROR,
                  want_key ? "the encoder made no key picture where one was asked for"
                           : "the encoder made a key picture that nobody asked for");
  return picture;
}

void H264Encoder::change_rate(const RateControl& rate) {
  settings_.rate = rate;
  set_bit_rates(*context_, rate);
}

}  // namespace millrace::softva
