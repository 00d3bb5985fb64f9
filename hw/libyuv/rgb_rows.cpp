// SPDX-License-Identifier: MIT
#include "hw/libyuv/rgb_rows.h"

#include "hw/libyuv/rgb_rows_avx2.h"

namespace millrace::yuv {
namespace {

// Kr and Kb of ITU-T H.273, table 4, times 256, for full range, and times 219/255 (luma) and
// 224/255 (chroma) for limited range. Full-range chroma stops at 127, so that 128 + 127.5 fits.
constexpr RgbWeights bt709_limited_weights{47, 157, 16, 26, 86, 102, 10, 112, 16};
constexpr RgbWeights bt709_full_weights{54, 183, 19, 29, 98, 115, 12, 127, 0};
constexpr RgbWeights bt601_limited_weights{66, 129, 25, 38, 74, 94, 18, 112, 16};
constexpr RgbWeights bt601_full_weights{77, 150, 29, 43, 84, 107, 20, 127, 0};

constexpr uint16_t half = 128;

/// One 256th-weighted sum, rounded, around the middle of the chroma range.
inline uint8_t centred(unsigned plus, unsigned minus) {
  return static_cast<uint8_t>(static_cast<uint16_t>(plus - minus + (half << 8U) + half) >> 8U);
}

struct Mean {
  uint8_t red, green, blue;
};

inline Mean mean_of(const uint8_t* a, const uint8_t* b, const uint8_t* c, const uint8_t* d,
                    RgbOrder at) {
  const auto of = [&](size_t i) {
    return static_cast<uint8_t>((a[i] + b[i] + c[i] + d[i] + 2) / 4);
  };
  return {of(at.red), of(at.green), of(at.blue)};
}

inline void write_pair(Mean mean, const RgbWeights& w, uint8_t* uv) {
  const unsigned red = mean.red;
  const unsigned green = mean.green;
  const unsigned blue = mean.blue;
  uv[0] = centred(w.chroma * blue, w.u_green * green + w.u_red * red);
  uv[1] = centred(w.chroma * red, w.v_green * green + w.v_blue * blue);
}

}  // namespace

RgbWeights rgb_weights(const Colour& colour) {
  const bool bt709 =
      colour.matrix == ColourMatrix::bt709 || colour.matrix == ColourMatrix::unspecified;
  if (colour.range == ColourRange::full) return bt709 ? bt709_full_weights : bt601_full_weights;
  return bt709 ? bt709_limited_weights : bt601_limited_weights;
}

RgbOrder rgb_order(PixelFormat format) {
  return format == PixelFormat::rgba ? RgbOrder{0, 1, 2} : RgbOrder{2, 1, 0};
}

void rgb_to_luma(const uint8_t* pixels, size_t width, RgbOrder order, const RgbWeights& weights,
                 uint8_t* luma) {
  const RgbWeights w = weights;  // a copy: the compiler need not fear that `luma` overlaps it
  const auto bias = static_cast<uint16_t>((w.black << 8U) + half);
  for (size_t x = rgb_to_luma_by_avx2(pixels, width, order, w, luma); x < width; ++x) {
    const uint8_t* const pixel = pixels + 4 * x;
    const auto sum =
        static_cast<uint16_t>(w.y_red * pixel[order.red] + w.y_green * pixel[order.green] +
                              w.y_blue * pixel[order.blue] + bias);
    luma[x] = static_cast<uint8_t>(sum >> 8U);
  }
}

void rgb_to_chroma(RowPair rows, size_t width, RgbOrder order, const RgbWeights& weights,
                   uint8_t* chroma) {
  const RgbWeights w = weights;
  const size_t pairs = width / 2;
  const size_t done = rgb_to_chroma_by_avx2(rows, width, order, w, chroma) / 2;
  for (size_t x = done; x < pairs; ++x) {
    const uint8_t* const up = rows.upper + 8 * x;
    const uint8_t* const low = rows.lower + 8 * x;
    write_pair(mean_of(up, up + 4, low, low + 4, order), w, chroma + 2 * x);
  }
  if (width % 2 == 0) return;
  const uint8_t* const up = rows.upper + 8 * pairs;
  const uint8_t* const low = rows.lower + 8 * pairs;
  write_pair(mean_of(up, up, low, low, order), w, chroma + 2 * pairs);
}

}  // namespace millrace::yuv
