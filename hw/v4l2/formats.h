// SPDX-License-Identifier: MIT
// Our pixel formats and colours in V4L2's words. Pure.
// https://docs.kernel.org/userspace-api/media/v4l/pixfmt.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/format/colour.h"
#include "engine/format/pixel_format.h"

namespace millrace::v4l2 {

/// The codes of a format whose planes lie in one block of memory, the usual one first: BGRX has an
/// older one, which some drivers know alone.
[[nodiscard]] MILLRACE_API std::vector<uint32_t> codes_of(PixelFormat format);

[[nodiscard]] MILLRACE_API std::optional<PixelFormat> format_of(uint32_t code);

/// "YUYV", as people write it.
[[nodiscard]] MILLRACE_API std::string code_text(uint32_t code);

/// The fields of v4l2_pix_format that say what the numbers mean.
struct WireColour {
  uint32_t colorspace = 0;
  uint32_t ycbcr_enc = 0;
  uint32_t quantization = 0;
  uint32_t xfer_func = 0;
  friend bool operator==(const WireColour&, const WireColour&) = default;
};

/// What is unspecified is left to V4L2's defaults.
[[nodiscard]] MILLRACE_API WireColour wire_colour(const Colour& colour, PixelFormat format);

}  // namespace millrace::v4l2
