// SPDX-License-Identifier: MIT
// libavcodec's view of pixels that stay where they are.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hw/softva/h264_encoder.h"

struct AVFrame;

namespace millrace::softva {

struct FreeFrame {
  void operator()(AVFrame* frame) const;
};

using FrameOwner = std::unique_ptr<AVFrame, FreeFrame>;

/// A frame over `pixels`, which must stay until the encoder has taken it; null without memory. An
/// encoder that takes no NV12 gets its chroma taken apart in `planar_chroma`.
[[nodiscard]] FrameOwner wrap_pixels(const AVCodecContext& context, const Pixels& pixels,
                                     std::vector<uint8_t>& planar_chroma);

}  // namespace millrace::softva
