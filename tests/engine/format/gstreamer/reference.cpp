// SPDX-License-Identifier: MIT
// GStreamer's answer. https://gstreamer.freedesktop.org/documentation/video/video-info.html
#include <gst/video/video.h>

#include "tests/engine/format/gstreamer/question.h"

namespace millrace::testing {
namespace {

/// What our name for a format is there, where it is another one.
const char* name_of(PixelFormat format) {
  switch (format) {
    case PixelFormat::yuyv:
      return "YUY2";
    case PixelFormat::p010:
      return "P010_10LE";
    case PixelFormat::p016:
      return "P016_LE";
    case PixelFormat::i420_10:
      return "I420_10LE";
    case PixelFormat::bgrx:
      return "BGRx";
    case PixelFormat::rgbx:
      return "RGBx";
    case PixelFormat::xrgb:
      return "xRGB";
    case PixelFormat::xbgr:
      return "xBGR";
    case PixelFormat::gray16:
      return "GRAY16_LE";
    default:
      return to_string(format).data();  // a literal
  }
}

GstVideoInterlaceMode mode_of(InterlaceMode interlace) {
  switch (interlace) {
    case InterlaceMode::interleaved:
      return GST_VIDEO_INTERLACE_MODE_INTERLEAVED;
    case InterlaceMode::alternate:
      return GST_VIDEO_INTERLACE_MODE_ALTERNATE;
    default:
      return GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;
  }
}

GstVideoAlignment alignment_of(const VideoAlignment& wanted) {
  GstVideoAlignment out;
  gst_video_alignment_reset(&out);
  out.padding_top = wanted.top;
  out.padding_bottom = wanted.bottom;
  out.padding_left = wanted.left;
  out.padding_right = wanted.right;
  for (size_t index = 0; index < max_planes; ++index) {
    const uint64_t align = wanted.stride_align[index];
    out.stride_align[index] = align == 0 ? 0 : static_cast<guint>(align - 1);
  }
  return out;
}

}  // namespace

std::optional<Answer> reference(const Question& question) {
  GstVideoInfo info;
  const GstVideoFormat format = gst_video_format_from_string(name_of(question.format));
  if (gst_video_info_set_interlaced_format(&info, format, mode_of(question.interlace),
                                           question.width, question.height) == FALSE) {
    return std::nullopt;
  }
  GstVideoAlignment alignment = alignment_of(question.wanted);
  gsize plane_bytes[GST_VIDEO_MAX_PLANES] = {};
  if (gst_video_info_align_full(&info, &alignment, plane_bytes) == FALSE) return std::nullopt;
  Answer answer{.size = info.size,
                .left = alignment.padding_left,
                .right = alignment.padding_right,
                .top = alignment.padding_top};
  for (size_t index = 0; index < facts(question.format).plane_count; ++index) {
    answer.plane[index] = {info.offset[index], static_cast<uint64_t>(info.stride[index]),
                           plane_bytes[index]};
  }
  return answer;
}

}  // namespace millrace::testing
