// SPDX-License-Identifier: MIT
// SmpteBars: the colour bars of SMPTE EG 1 in any pixel format and size.
//
//   2/3   white 75 % | yellow | cyan | green | magenta | red | blue
//   1/12  blue | black | magenta | black | cyan | black | white 75 %
//   1/4   -I | white | +Q | black | black -4 % | black | black +4 % | black
//
// Edges lie on even pixels, so that subsampled chroma never mixes two patches. Each band is one row
// prepared ahead: drawing a frame writes every byte of it once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/export.h"
#include "engine/format/stream_format.h"
#include "engine/memory/frame_view.h"
#include "engine/stages/paint.h"

namespace millrace {

/// First rows of the second and the third band, and the end of the picture.
struct BarsBands {
  uint32_t middle = 0;
  uint32_t bottom = 0;
  uint32_t end = 0;
};

[[nodiscard]] MILLRACE_API BarsBands bars_bands(uint32_t height);

/// One patch of the topmost band and its colour, for tests that measure colours.
struct BarsPatch {
  Rect where;
  Rgb colour;
};

[[nodiscard]] MILLRACE_API std::vector<BarsPatch> bars_patches(uint32_t width, uint32_t height);

/// Confined.
class MILLRACE_API SmpteBars {
 public:
  explicit SmpteBars(const VideoFormat& video);

  /// Writes every visible byte of a frame of the video's format and size.
  void draw(const WritePlanes& frame) const;

 private:
  static constexpr size_t band_count = 3;

  VideoFormat video_;
  BarsBands bands_;
  std::array<std::array<std::vector<std::byte>, max_planes>, band_count> row_;
};

}  // namespace millrace
