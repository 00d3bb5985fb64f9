// SPDX-License-Identifier: MIT
// PixelFormat: how pixels lie in memory, and a table of facts about each.
//
// Names give the order of the components as bytes in memory, low address first: `bgrx` has the
// bytes B, G, R, X. DRM names the little-endian word instead: that is XRGB8888 ("XR24"), and
// XRGB8888 is the alias. Components of more than a byte are little-endian. Codes:
// https://github.com/torvalds/linux/blob/master/include/uapi/drm/drm_fourcc.h and
// https://docs.kernel.org/userspace-api/media/v4l/pixfmt.html
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/check.h"
#include "engine/base/export.h"
#include "engine/format/pixel_format_table.h"

namespace millrace {

/// In the header, so that what maps a frame pays for no call.
[[nodiscard]] inline const PixelFormatFacts& facts(PixelFormat format) {
  const auto index = static_cast<size_t>(format);
  MILLRACE_CHECK(index < pixel_format_table.size());
  return pixel_format_table[index];
}

[[nodiscard]] inline std::span<const PixelFormatFacts> all_pixel_formats() {
  return pixel_format_table;
}

/// By name or alias, upper or lower case.
[[nodiscard]] MILLRACE_API std::optional<PixelFormat> pixel_format_named(std::string_view name);

[[nodiscard]] inline std::string_view to_string(PixelFormat format) {
  return facts(format).name;
}

/// A DRM format modifier. Linear is 0; INVALID means "implicit, the driver knows".
enum class Modifier : uint64_t { linear = 0, implicit = 0x00ffffffffffffffULL };

}  // namespace millrace
