// SPDX-License-Identifier: MIT
#include "hw/avformat/pixel_formats.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace millrace::avformat {

std::optional<PixelFormat> from_av(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:  // the same planes, full range
      return PixelFormat::i420;
    case AV_PIX_FMT_NV12:
      return PixelFormat::nv12;
    case AV_PIX_FMT_YUYV422:
      return PixelFormat::yuyv;
    case AV_PIX_FMT_BGR0:
    case AV_PIX_FMT_BGRA:
      return PixelFormat::bgrx;
    case AV_PIX_FMT_RGB0:
    case AV_PIX_FMT_RGBA:
      return PixelFormat::rgba;
    case AV_PIX_FMT_P010LE:
      return PixelFormat::p010;
    default:
      return std::nullopt;
  }
}

AVPixelFormat to_av(PixelFormat format) {
  switch (format) {
    case PixelFormat::nv12:
      return AV_PIX_FMT_NV12;
    case PixelFormat::i420:
      return AV_PIX_FMT_YUV420P;
    case PixelFormat::yuyv:
      return AV_PIX_FMT_YUYV422;
    case PixelFormat::bgrx:
      return AV_PIX_FMT_BGR0;
    case PixelFormat::rgba:
      return AV_PIX_FMT_RGBA;
    case PixelFormat::p010:
      return AV_PIX_FMT_P010LE;
    default:
      return AV_PIX_FMT_NONE;
  }
}

const char* av_name(AVPixelFormat format) {
  const char* const name = av_get_pix_fmt_name(format);
  return name == nullptr ? "unknown" : name;
}

}  // namespace millrace::avformat
