// SPDX-License-Identifier: MIT
// RgbScaler: pictures of four bytes a pixel, scaled to one size into memory of its own.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/base/result.h"
#include "engine/format/letterbox.h"
#include "engine/memory/frame_view.h"

namespace millrace::yuv {

/// Confined.
class RgbScaler {
 public:
  explicit RgbScaler(PictureSize result);

  [[nodiscard]] PictureSize result() const { return size_; }

  /// The scaled picture, good until the next call. Errors: `internal` where libyuv cannot.
  [[nodiscard]] Result<ReadPlanes> scale(PictureSize picture, const ReadPlanes& from);

 private:
  PictureSize size_;
  std::vector<std::byte> pixels_;
};

}  // namespace millrace::yuv
