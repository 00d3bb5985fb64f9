// SPDX-License-Identifier: MIT
// RGB rows into NV12 rows, for every matrix and range that libyuv has no function for.
//
// Debian 12's libyuv converts RGB to YUV with the BT.601 matrix only, in limited range or (into
// planar 4:2:0) in full range. These rows do the rest. Weights are 256ths and all arithmetic stays
// within 16 bits, so that compilers turn the loops into vector instructions on every x86-64 and
// ARM; each component lies within 2 code values of the exact one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/format/colour.h"
#include "engine/format/pixel_format.h"

namespace millrace::yuv {

/// Weights in 256ths. Those of a chroma component add up to 0, so that grey stays grey.
struct RgbWeights {
  uint8_t y_red, y_green, y_blue;
  uint8_t u_red, u_green;   ///< subtracted
  uint8_t v_green, v_blue;  ///< subtracted
  uint8_t chroma;           ///< of blue in U and of red in V
  uint8_t black;            ///< Y of black
};

/// BT.709 for a matrix that is BT.709 or unspecified, BT.601 for the others; limited range unless
/// full is asked for.
[[nodiscard]] RgbWeights rgb_weights(const Colour& colour);

/// Where a pixel's components lie among its four bytes.
struct RgbOrder {
  size_t red, green, blue;
};

[[nodiscard]] RgbOrder rgb_order(PixelFormat format);

/// One row of `width` pixels.
void rgb_to_luma(const uint8_t* pixels, size_t width, RgbOrder order, const RgbWeights& weights,
                 uint8_t* luma);

struct RowPair {
  const uint8_t* upper;
  const uint8_t* lower;
};

/// Two rows of `width` pixels into one row of (width + 1) / 2 UV pairs, each the mean of four
/// pixels; the last column of an odd width counts twice.
void rgb_to_chroma(RowPair rows, size_t width, RgbOrder order, const RgbWeights& weights,
                   uint8_t* chroma);

}  // namespace millrace::yuv
