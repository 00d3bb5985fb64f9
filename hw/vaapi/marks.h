// SPDX-License-Identifier: MIT
// Marks in the corners, edges and centre of a picture's planes, and whether the driver finds them
// there: what a driver says of a surface is believed when they come back.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/memory/video_meta.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

struct ReadBack {
  std::string obstacle;  ///< why the driver could not be asked; empty where the marks came back
};

/// For NV12 pictures of one size.
class Marks {
 public:
  explicit Marks(SurfaceSize size);

  /// Into the planes of a picture that is laid out as `layout` in `bytes`.
  [[nodiscard]] Result<> write(std::span<std::byte> bytes, const Layout& layout) const;

  /// Looks for them by vaGetImage. Errors: `unavailable` where the driver shows something else.
  [[nodiscard]] Result<ReadBack> read_back(const SharedDisplay& display,
                                           const Surface& surface) const;

 private:
  struct Point {
    size_t plane = 0;
    size_t row = 0;
    size_t column = 0;  ///< bytes
  };

  static std::byte mark(const Point& point);
  [[nodiscard]] Result<> check(std::span<const std::byte> bytes, const Layout& layout) const;
  [[nodiscard]] VideoMeta picture(const Layout& layout) const;

  SurfaceSize size_;
  std::vector<Point> points_;
};

}  // namespace millrace::vaapi
