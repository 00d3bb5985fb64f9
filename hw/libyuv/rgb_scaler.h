// SPDX-License-Identifier: MIT
// RgbScaler: pictures of four bytes a pixel, scaled to one size into memory of its own.
//
// Problem: libyuv looks at two by two pixels of the source for each of the result, so that thin
// lines vanish where a picture shrinks to less than half. (Its box filter averages more only at a
// few whole ratios, and its assertions stop the process at some of those.) Approach: the picture is
// halved until no more than a factor of 1.75 is left, and then interpolated.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/letterbox.h"
#include "engine/memory/frame_view.h"

namespace millrace::yuv {

/// The sizes on the way from `picture` to `result`, the last one being `result` itself. Pure.
[[nodiscard]] MILLRACE_API std::vector<PictureSize> scaling_steps(PictureSize picture,
                                                                  PictureSize result);

/// Confined.
class MILLRACE_API RgbScaler {
 public:
  explicit RgbScaler(PictureSize result) : result_(result) {}

  [[nodiscard]] PictureSize result() const { return result_; }

  /// The scaled picture, good until the next call. Allocates only where `picture` has another size
  /// than at the call before. Errors: `internal` where libyuv cannot.
  [[nodiscard]] Result<ReadPlanes> scale(PictureSize picture, const ReadPlanes& from);

 private:
  PictureSize result_;
  PictureSize picture_;  ///< that `steps_` are for
  std::vector<PictureSize> steps_;
  std::array<std::vector<std::byte>, 2> pixels_;  ///< of the steps in turn
};

}  // namespace millrace::yuv
