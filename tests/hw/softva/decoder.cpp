// SPDX-License-Identifier: MIT
#include "tests/hw/softva/decoder.h"

#include <algorithm>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/video_enc_params.h>
}

namespace millrace::softva_test {
namespace {

void read_quantisers(const AVFrame& frame, DecodedPicture& picture) {
  const AVFrameSideData* const data =
      av_frame_get_side_data(&frame, AV_FRAME_DATA_VIDEO_ENC_PARAMS);
  if (data == nullptr) return;
  auto* const parameters = reinterpret_cast<AVVideoEncParams*>(data->data);
  picture.least_qp = 99;
  for (unsigned i = 0; i < parameters->nb_blocks; ++i) {
    const int qp = parameters->qp + av_video_enc_params_block(parameters, i)->delta_qp;
    picture.least_qp = std::min(picture.least_qp, qp);
    picture.most_qp = std::max(picture.most_qp, qp);
  }
}

DecodedPicture read_picture(const AVFrame& frame) {
  DecodedPicture picture;
  picture.width = frame.width;
  picture.height = frame.height;
  picture.is_key = frame.key_frame != 0;
  for (int y = 0; y < frame.height; ++y) {
    const uint8_t* const row = frame.data[0] + y * frame.linesize[0];
    picture.luma.insert(picture.luma.end(), row, row + frame.width);
  }
  read_quantisers(frame, picture);
  return picture;
}

void receive(AVCodecContext* context, AVFrame* frame, Decoded& decoded) {
  while (avcodec_receive_frame(context, frame) == 0) {
    if (frame->decode_error_flags != 0) ++decoded.errors;
    decoded.pictures.push_back(read_picture(*frame));
    av_frame_unref(frame);
  }
}

}  // namespace

Decoded decode(const std::vector<std::vector<uint8_t>>& packets) {
  Decoded decoded;
  AVCodecContext* context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
  AVFrame* frame = av_frame_alloc();
  AVPacket* packet = av_packet_alloc();
  context->thread_count = 1;
  context->export_side_data = AV_CODEC_EXPORT_DATA_VIDEO_ENC_PARAMS;
  context->err_recognition = AV_EF_EXPLODE;
  if (avcodec_open2(context, context->codec, nullptr) < 0) ++decoded.errors;
  for (const auto& bytes : packets) {
    std::vector<uint8_t> padded = bytes;
    padded.resize(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    packet->data = padded.data();
    packet->size = static_cast<int>(bytes.size());
    if (avcodec_send_packet(context, packet) < 0) ++decoded.errors;
    receive(context, frame, decoded);
  }
  avcodec_send_packet(context, nullptr);
  receive(context, frame, decoded);
  packet->data = nullptr;
  av_packet_free(&packet);
  av_frame_free(&frame);
  avcodec_free_context(&context);
  return decoded;
}

std::vector<int> unit_types(const std::vector<uint8_t>& picture) {
  std::vector<int> types;
  for (size_t i = 0; i + 3 < picture.size(); ++i)
    if (picture[i] == 0 && picture[i + 1] == 0 && picture[i + 2] == 1)
      types.push_back(picture[i + 3] & 0x1F);
  return types;
}

}  // namespace millrace::softva_test
