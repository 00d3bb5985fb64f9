// SPDX-License-Identifier: MIT
// VideoAlignment: room around a picture and where its rows begin, as drivers demand it.
//
// What comes of it is per plane the least that meets the demands, and padding before the picture is
// whole groups of every plane: 3 pixels on the left of I420 become 4, so that chroma moves with
// luma. `align` reports the padding that came of it.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/video_info.h"

namespace millrace {

struct VideoAlignment {
  uint32_t top = 0;  ///< rows of the frame: an alternating field has half of them
  uint32_t bottom = 0;
  uint32_t left = 0;  ///< pixels
  uint32_t right = 0;
  /// Bytes, powers of two, of each plane: its stride, and its first visible sample of every row
  /// relative to the start of the plane. 0 or 1: any.
  std::array<uint64_t, max_planes> stride_align{};
  /// Likewise of the first visible sample relative to the start of the buffer.
  std::array<uint64_t, max_planes> plane_align{};
  /// All strides hold as many pixels as that of plane 0, as V4L2 wants it of planes in one block,
  /// which have one bytesperline. Otherwise each is the least that is aligned.
  bool strides_derived = false;
  friend bool operator==(const VideoAlignment&, const VideoAlignment&) = default;
};

struct AlignedVideo {
  VideoInfo info;            ///< what was asked about, in its new layout
  VideoAlignment alignment;  ///< as asked, with the padding that there is
};

/// The default layout of `info`'s video with `wanted` around it; what layout `info` has is of no
/// interest. Errors: `usage` for an alignment that is no power of two and for what exceeds 65535
/// pixels a side, 32 bits of a stride or 64 of an offset.
[[nodiscard]] MILLRACE_API Result<AlignedVideo> align(const VideoInfo& info,
                                                      const VideoAlignment& wanted);

/// Whether a layout that somebody else made has at least the room and the alignments that are
/// `wanted`: strides, offsets, and no plane within the padding of another one. Errors:
/// `unavailable`, with the numbers.
[[nodiscard]] MILLRACE_API Result<> check_alignment(const VideoInfo& info,
                                                    const VideoAlignment& wanted);

}  // namespace millrace
