// SPDX-License-Identifier: MIT
// What the GStreamer side of the memory bench is made of.
#pragma once

#include <memory>

#include <gst/video/video.h>

#include "tests/bench/memory/picture.h"
#include "tests/bench/memory/work.h"

namespace millrace::bench::gst {

struct Unref {
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }

  void operator()(GstMemory* memory) const { gst_memory_unref(memory); }

  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }

  void operator()(GstBufferPool* pool) const { gst_object_unref(pool); }
};

template <class T>
using Owned = std::unique_ptr<T, Unref>;

inline GstVideoInfo picture_info() {
  GstVideoInfo info;
  need(gst_video_info_set_format(&info, GST_VIDEO_FORMAT_NV12, picture_width, picture_height),
       "GStreamer's description of the picture");
  return info;
}

inline GstVideoMeta* add_video_meta(GstBuffer* buffer) {
  return gst_buffer_add_video_meta(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_NV12,
                                   picture_width, picture_height);
}

}  // namespace millrace::bench::gst
