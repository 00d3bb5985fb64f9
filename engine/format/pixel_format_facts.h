// SPDX-License-Identifier: MIT
// What is known of a pixel format. pixel_format.h has the functions that ask for it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace millrace {

enum class PixelFormat : uint8_t {
  nv12,
  i420,
  yuyv,
  bgrx,
  rgba,
  p010,
  nv21,
  nv16,
  nv61,
  nv24,
  yv12,
  y42b,
  y444,
  uyvy,
  yvyu,
  p016,
  i420_10,
  rgb,
  bgr,
  bgra,
  rgbx,
  xrgb,
  argb,
  xbgr,
  abgr,
  gray8,
  gray16,
  rgb16,
  uyvp,
  v210,
};

inline constexpr size_t pixel_format_count = 30;
inline constexpr size_t max_planes = 4;

/// One plane is made of groups: the least piece with a whole number of bytes, which covers
/// `group_width` x `group_height` pixels of the picture. NV12's chroma: 2 bytes for 2x2 pixels;
/// YUYV: 4 bytes for 2x1; v210: 128 bytes for 48x1.
struct PlaneFacts {
  uint8_t group_bytes = 0;
  uint8_t group_width = 1;
  uint8_t group_height = 1;
};

struct PixelFormatFacts {
  PixelFormat format;
  std::string_view name;   ///< "NV12"; what users type and reports print
  std::string_view alias;  ///< another name that is accepted: "XRGB8888"
  uint32_t fourcc;         ///< DRM FourCC; 0: DRM has none
  uint32_t v4l2;           ///< V4L2's code for all planes in one block; 0: V4L2 has none
  uint8_t plane_count;
  std::array<PlaneFacts, max_planes> planes;
  uint8_t bits;         ///< per component
  bool rgb;             ///< RGB components: it has no YUV matrix of its own
  uint8_t even_width;   ///< the stages here take widths that are a multiple of this
  uint8_t even_height;  ///< and heights that are a multiple of this
};

/// Four letters as the kernel's codes have them: the first is the lowest byte.
[[nodiscard]] consteval uint32_t fourcc(const char (&code)[5]) {
  return static_cast<uint32_t>(code[0]) | static_cast<uint32_t>(code[1]) << 8 |
         static_cast<uint32_t>(code[2]) << 16 | static_cast<uint32_t>(code[3]) << 24;
}

}  // namespace millrace
