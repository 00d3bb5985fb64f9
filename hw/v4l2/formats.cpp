// SPDX-License-Identifier: MIT
#include "hw/v4l2/formats.h"

#include <algorithm>

#include <linux/videodev2.h>

namespace millrace::v4l2 {
namespace {

uint32_t colorspace_of(const Colour& colour) {
  switch (colour.primaries) {
    case ColourPrimaries::bt709:
      return V4L2_COLORSPACE_REC709;
    case ColourPrimaries::bt470bg:
      return V4L2_COLORSPACE_470_SYSTEM_BG;
    case ColourPrimaries::bt601:
      return V4L2_COLORSPACE_SMPTE170M;
    case ColourPrimaries::bt2020:
      return V4L2_COLORSPACE_BT2020;
    case ColourPrimaries::unspecified:
      break;
  }
  return V4L2_COLORSPACE_DEFAULT;
}

uint32_t encoding_of(ColourMatrix matrix) {
  switch (matrix) {
    case ColourMatrix::bt709:
      return V4L2_YCBCR_ENC_709;
    case ColourMatrix::bt470bg:
    case ColourMatrix::bt601:
      return V4L2_YCBCR_ENC_601;
    case ColourMatrix::bt2020:
      return V4L2_YCBCR_ENC_BT2020;
    case ColourMatrix::rgb:
    case ColourMatrix::unspecified:
      break;
  }
  return V4L2_YCBCR_ENC_DEFAULT;
}

uint32_t quantization_of(ColourRange range) {
  if (range == ColourRange::limited) return V4L2_QUANTIZATION_LIM_RANGE;
  return range == ColourRange::full ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_DEFAULT;
}

uint32_t transfer_of(ColourTransfer transfer) {
  switch (transfer) {
    case ColourTransfer::bt709:
    case ColourTransfer::bt601:  // the same curve
    case ColourTransfer::bt2020_10:
      return V4L2_XFER_FUNC_709;
    case ColourTransfer::srgb:
      return V4L2_XFER_FUNC_SRGB;
    case ColourTransfer::pq:
      return V4L2_XFER_FUNC_SMPTE2084;
    case ColourTransfer::hlg:  // V4L2 has no name for it
    case ColourTransfer::unspecified:
      break;
  }
  return V4L2_XFER_FUNC_DEFAULT;
}

}  // namespace

std::vector<uint32_t> codes_of(PixelFormat format) {
  std::vector<uint32_t> codes;
  if (facts(format).v4l2 != 0) codes.push_back(facts(format).v4l2);
  if (format == PixelFormat::bgrx) codes.push_back(V4L2_PIX_FMT_BGR32);
  return codes;
}

std::optional<PixelFormat> format_of(uint32_t code) {
  for (const PixelFormatFacts& facts : all_pixel_formats()) {
    const std::vector<uint32_t> codes = codes_of(facts.format);
    if (std::ranges::find(codes, code) != codes.end()) return facts.format;
  }
  return std::nullopt;
}

std::string code_text(uint32_t code) {
  std::string text;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const char letter = static_cast<char>(code >> shift & 0x7f);
    text += letter >= ' ' && letter < 0x7f ? letter : '?';
  }
  while (text.size() > 1 && text.back() == ' ') text.pop_back();
  return text;
}

WireColour wire_colour(const Colour& colour, PixelFormat format) {
  if (facts(format).rgb) {
    return {.colorspace = V4L2_COLORSPACE_SRGB, .quantization = V4L2_QUANTIZATION_FULL_RANGE};
  }
  return {.colorspace = colorspace_of(colour),
          .ycbcr_enc = encoding_of(colour.matrix),
          .quantization = quantization_of(colour.range),
          .xfer_func = transfer_of(colour.transfer)};
}

}  // namespace millrace::v4l2
