// SPDX-License-Identifier: MIT
#include "hw/softva/av_frame.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace millrace::softva {
namespace {

void keep(void*, uint8_t*) {}

/// A reference to bytes that are not libavcodec's: without any, it would copy the whole frame.
AVBufferRef* borrow(const uint8_t* data) {
  return av_buffer_create(const_cast<uint8_t*>(data), 1, keep, nullptr, AV_BUFFER_FLAG_READONLY);
}

void take_chroma_apart(AVFrame& frame, const Pixels& pixels, std::vector<uint8_t>& planar) {
  const size_t width = (static_cast<size_t>(frame.width) + 1) / 2;
  const size_t height = (static_cast<size_t>(frame.height) + 1) / 2;
  planar.resize(width * height * 2);
  uint8_t* u = planar.data();
  uint8_t* v = u + width * height;
  frame.data[1] = u;
  frame.data[2] = v;
  frame.linesize[1] = frame.linesize[2] = static_cast<int>(width);
  for (size_t y = 0; y < height; ++y) {
    const uint8_t* const row = pixels.data[1] + y * pixels.pitch[1];
    for (size_t x = 0; x < width; ++x) {
      *u++ = row[2 * x];
      *v++ = row[2 * x + 1];
    }
  }
}

}  // namespace

void FreeFrame::operator()(AVFrame* frame) const {
  av_frame_free(&frame);
}

FrameOwner wrap_pixels(const AVCodecContext& context, const Pixels& pixels,
                       std::vector<uint8_t>& planar_chroma) {
  FrameOwner frame(av_frame_alloc());
  if (!frame) return nullptr;
  frame->format = context.pix_fmt;
  frame->width = context.width;
  frame->height = context.height;
  for (size_t plane = 0; plane < 2; ++plane) {
    frame->data[plane] = const_cast<uint8_t*>(pixels.data[plane]);
    frame->linesize[plane] = static_cast<int>(pixels.pitch[plane]);
  }
  frame->buf[0] = borrow(pixels.data[0]);
  if (frame->buf[0] == nullptr) return nullptr;
  if (context.pix_fmt == AV_PIX_FMT_YUV420P) take_chroma_apart(*frame, pixels, planar_chroma);
  return frame;
}

}  // namespace millrace::softva
