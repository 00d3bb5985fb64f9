// SPDX-License-Identifier: MIT
// A layout in one line, so that a case reads as the reference page prints it.
#pragma once

#include <string>

#include "engine/format/layout.h"
#include "engine/format/video_alignment.h"

namespace millrace::testing {

/// "strides 320,160,160 offsets 0,76800,96000 size 115200"
inline std::string printed(const Layout& layout) {
  std::string strides;
  std::string offsets;
  for (const PlaneLayout& plane : layout.planes()) {
    const char* const comma = strides.empty() ? "" : ",";
    strides += comma + std::to_string(plane.stride);
    offsets += comma + std::to_string(plane.offset);
  }
  return "strides " + strides + " offsets " + offsets + " size " + std::to_string(layout.size);
}

/// Bytes and rows of each whole plane: "76800x240,38400x120".
inline std::string printed_planes(const Layout& layout) {
  std::string planes;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const Result<ByteRange> range = whole_plane(layout, index);
    if (!planes.empty()) planes += ",";
    planes += range ? std::to_string(range->bytes) : range.error().what;
    planes += "x" + std::to_string(layout.plane[index].rows);
  }
  return planes;
}

inline VideoInfo info_of(PixelFormat format, uint32_t width, uint32_t height,
                         InterlaceMode interlace = InterlaceMode::progressive) {
  const VideoFormat video{.format = format, .width = width, .height = height};
  return VideoInfo::create(video, interlace).take();
}

inline AlignedVideo aligned(PixelFormat format, uint32_t width, uint32_t height,
                            const VideoAlignment& wanted,
                            InterlaceMode interlace = InterlaceMode::progressive) {
  return align(info_of(format, width, height, interlace), wanted).take();
}

/// The same for every plane. The reference writes a mask: 63 is an alignment of 64.
inline VideoAlignment stride_mask(uint64_t mask, VideoAlignment padding = {}) {
  padding.stride_align.fill(mask + 1);
  return padding;
}

}  // namespace millrace::testing
