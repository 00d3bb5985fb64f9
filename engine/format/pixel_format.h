// SPDX-License-Identifier: MIT
// PixelFormat: how pixels lie in memory, and a table of facts about each.
//
// Names are the DRM FourCC view of little-endian words where they differ from byte order:
// `bgrx` has the bytes B, G, R, X in memory, which DRM calls XRGB8888 ("XR24").
// Source of the codes: https://github.com/torvalds/linux/blob/master/include/uapi/drm/drm_fourcc.h
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/export.h"

namespace millrace {

enum class PixelFormat : uint8_t { nv12, i420, yuyv, bgrx, rgba, p010 };

inline constexpr size_t max_planes = 4;

/// One plane: bytes per sample group, and by how much it is smaller than the picture.
/// For YUYV the group is two pixels in four bytes: cpp 2 a pixel.
struct PlaneFacts {
  uint8_t bytes_per_sample;  ///< of one (possibly subsampled) position: 2 for NV12's UV pair
  uint8_t horizontal_subsampling;
  uint8_t vertical_subsampling;
};

struct PixelFormatFacts {
  PixelFormat format;
  std::string_view name;   ///< "NV12"; what users type and reports print
  std::string_view alias;  ///< another name that is accepted: "XRGB8888"
  uint32_t fourcc;         ///< DRM FourCC
  uint8_t plane_count;
  std::array<PlaneFacts, max_planes> planes;
  uint8_t bits;         ///< per component
  bool rgb;             ///< RGB components: it has no YUV matrix of its own
  uint8_t even_width;   ///< the width must be a multiple of this
  uint8_t even_height;  ///< the height must be a multiple of this
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
