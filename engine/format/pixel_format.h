// SPDX-License-Identifier: MIT
// PixelFormat: how pixels lie in memory, and a table of facts about each.
//
// Names give the order of the components as bytes in memory, low address first: `bgrx` has the
// bytes B, G, R, X. DRM names the little-endian word instead: that is XRGB8888 ("XR24"), and
// XRGB8888 is the alias. Components of more than a byte are little-endian. Codes:
// https://github.com/torvalds/linux/blob/master/include/uapi/drm/drm_fourcc.h and
// https://docs.kernel.org/userspace-api/media/v4l/pixfmt.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/export.h"

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
  uint8_t group_bytes;
  uint8_t group_width;
  uint8_t group_height;
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

[[nodiscard]] MILLRACE_API const PixelFormatFacts& facts(PixelFormat format);
[[nodiscard]] MILLRACE_API std::span<const PixelFormatFacts> all_pixel_formats();

/// By name or alias, upper or lower case.
[[nodiscard]] MILLRACE_API std::optional<PixelFormat> pixel_format_named(std::string_view name);

[[nodiscard]] inline std::string_view to_string(PixelFormat format) {
  return facts(format).name;
}

/// A DRM format modifier. Linear is 0; INVALID means "implicit, the driver knows".
enum class Modifier : uint64_t { linear = 0, implicit = 0x00ffffffffffffffULL };

}  // namespace millrace
