// SPDX-License-Identifier: MIT
// FrameConverter: a decoded picture of any format and size into a frame of ours, by libswscale in
// one pass: for formats outside our list, decoders with memory of their own, and clips that change
// their size.
#pragma once

#include "engine/base/result.h"
#include "engine/format/letterbox.h"
#include "engine/format/stream_format.h"
#include "engine/memory/frame_view.h"
#include "hw/avformat/av_handles.h"

namespace millrace::avformat {

/// Confined to one thread at a time.
class FrameConverter {
 public:
  struct Target {
    VideoFormat video;    ///< NV12 or I420; of the frames, even sides where `picture` is odd
    PictureSize picture;  ///< the part that shows; the rest repeats its edge
  };

  explicit FrameConverter(const Target& target) : target_(target) {}

  /// Errors: `source_lost` for a format that libswscale does not read.
  [[nodiscard]] Result<> convert(const AVFrame& from, const WritePlanes& to);

 private:
  [[nodiscard]] Result<> prepare(const AVFrame& from);
  [[nodiscard]] int set_colours(const AVFrame& from);

  struct Shape {
    int format = AV_PIX_FMT_NONE;
    PictureSize size;
    int matrix = AVCOL_SPC_UNSPECIFIED;
    bool full_range = false;
    friend bool operator==(const Shape&, const Shape&) = default;
  };

  Target target_;
  Shape shape_;  ///< that `scaler_` was made for
  Rect box_;
  ScalerHandle scaler_;
};

}  // namespace millrace::avformat
