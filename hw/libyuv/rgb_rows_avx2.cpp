// SPDX-License-Identifier: MIT
// One instruction, maddubs, multiplies bytes without sign by bytes with sign and adds the products
// of neighbours. Luma's weights do not fit a byte with sign, so there the pixels get one: 128 is
// taken off each, and its share of the sum comes back with the bias. Chroma's weights fit. Sums
// wrap around at 16 bits as those of rgb_rows.cpp do; no sum of two products leaves 16 bits with
// sign.
#include "hw/libyuv/rgb_rows_avx2.h"

#if defined(__x86_64__)

#include <array>

#include <immintrin.h>

#define MILLRACE_AVX2 __attribute__((target("avx2")))

namespace millrace::yuv {
namespace {

constexpr size_t step = 32;  // pixels a turn: what fills one register with luma, or with chroma
constexpr int8_t sign_bit = -128;

using FourBytes = std::array<uint8_t, 4>;

/// `red`, `green` and `blue` where a pixel has them, nothing where it has its fourth byte.
FourBytes in_order(RgbOrder order, uint8_t red, uint8_t green, uint8_t blue) {
  FourBytes bytes{};
  bytes.at(order.red) = red;
  bytes.at(order.green) = green;
  bytes.at(order.blue) = blue;
  return bytes;
}

uint8_t minus(uint8_t weight) {
  return static_cast<uint8_t>(-weight);
}

MILLRACE_AVX2 inline __m256i for_every_pixel(const FourBytes& bytes) {
  return _mm256_set1_epi32(static_cast<int>(bytes[0] | bytes[1] << 8U | bytes[2] << 16U |
                                            static_cast<unsigned>(bytes[3]) << 24U));
}

MILLRACE_AVX2 inline __m256i load(const uint8_t* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

/// Of each eight bytes, the first four and the last four by turns: two pixels become pairs of like
/// components, and four of U with four of V become four pairs.
MILLRACE_AVX2 inline __m256i by_turns(__m256i bytes) {
  const __m256i turns = _mm256_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15, 0, 4,
                                         1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
  return _mm256_shuffle_epi8(bytes, turns);
}

/// The halves of a register are worked on apart, so the groups of four bytes come out of order:
/// this puts them back.
MILLRACE_AVX2 inline void store(uint8_t* to, __m256i bytes) {
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permutevar8x32_epi32(bytes, order));
}

/// 256ths to whole numbers.
MILLRACE_AVX2 inline __m256i to_bytes(__m256i first, __m256i second, __m256i bias) {
  first = _mm256_srli_epi16(_mm256_add_epi16(first, bias), 8);
  second = _mm256_srli_epi16(_mm256_add_epi16(second, bias), 8);
  return _mm256_packus_epi16(first, second);
}

/// The weighted sums of 16 pixels.
MILLRACE_AVX2 inline __m256i luma_sums(const uint8_t* pixels, __m256i weights) {
  const __m256i sign = _mm256_set1_epi8(sign_bit);
  const __m256i left = _mm256_maddubs_epi16(weights, _mm256_xor_si256(load(pixels), sign));
  const __m256i right = _mm256_maddubs_epi16(weights, _mm256_xor_si256(load(pixels + 32), sign));
  return _mm256_hadd_epi16(left, right);
}

/// The means of the four squares that lie in 8 pixels of two rows, component by component.
MILLRACE_AVX2 inline __m256i square_means(const uint8_t* upper, const uint8_t* lower) {
  const __m256i ones = _mm256_set1_epi8(1);
  const __m256i above = _mm256_maddubs_epi16(by_turns(load(upper)), ones);
  const __m256i below = _mm256_maddubs_epi16(by_turns(load(lower)), ones);
  const __m256i sum = _mm256_add_epi16(_mm256_add_epi16(above, below), _mm256_set1_epi16(2));
  return _mm256_srli_epi16(sum, 2);
}

struct ChromaWeights {
  __m256i u, v;
};

/// The weighted sums of the eight squares in 16 pixels of two rows: in each half four of U, then
/// the same four of V.
MILLRACE_AVX2 inline __m256i chroma_sums(const uint8_t* upper, const uint8_t* lower,
                                         const ChromaWeights& weights) {
  const __m256i means =
      _mm256_packus_epi16(square_means(upper, lower), square_means(upper + 32, lower + 32));
  return _mm256_hadd_epi16(_mm256_maddubs_epi16(means, weights.u),
                           _mm256_maddubs_epi16(means, weights.v));
}

MILLRACE_AVX2 size_t luma_row(const uint8_t* pixels, size_t width, const FourBytes& bytes,
                              uint16_t bias, uint8_t* luma) {
  const __m256i weights = for_every_pixel(bytes);
  const __m256i biases = _mm256_set1_epi16(static_cast<int16_t>(bias));
  size_t x = 0;
  for (; x + step <= width; x += step) {
    const __m256i left = luma_sums(pixels + 4 * x, weights);
    const __m256i right = luma_sums(pixels + 4 * x + 64, weights);
    store(luma + x, to_bytes(left, right, biases));
  }
  return x;
}

MILLRACE_AVX2 size_t chroma_row(RowPair rows, size_t width, const std::array<FourBytes, 2>& bytes,
                                uint8_t* chroma) {
  const ChromaWeights weights{for_every_pixel(bytes[0]), for_every_pixel(bytes[1])};
  const __m256i biases = _mm256_set1_epi16(static_cast<int16_t>(0x8080));
  size_t x = 0;
  for (; x + step <= width; x += step) {
    const __m256i left = chroma_sums(rows.upper + 4 * x, rows.lower + 4 * x, weights);
    const __m256i right = chroma_sums(rows.upper + 4 * x + 64, rows.lower + 4 * x + 64, weights);
    store(chroma + x, by_turns(to_bytes(left, right, biases)));
  }
  return x;
}

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}

}  // namespace

size_t rgb_to_luma_by_avx2(const uint8_t* pixels, size_t width, RgbOrder order,
                           const RgbWeights& weights, uint8_t* luma) {
  if (!has_avx2()) return 0;
  const FourBytes bytes = in_order(order, weights.y_red, weights.y_green, weights.y_blue);
  const unsigned taken_off = 128U * (weights.y_red + weights.y_green + weights.y_blue);
  const unsigned bias = (static_cast<unsigned>(weights.black) << 8U) + 128U + taken_off;
  return luma_row(pixels, width, bytes, static_cast<uint16_t>(bias), luma);
}

size_t rgb_to_chroma_by_avx2(RowPair rows, size_t width, RgbOrder order, const RgbWeights& weights,
                             uint8_t* chroma) {
  if (!has_avx2()) return 0;
  const FourBytes u = in_order(order, minus(weights.u_red), minus(weights.u_green), weights.chroma);
  const FourBytes v =
      in_order(order, weights.chroma, minus(weights.v_green), minus(weights.v_blue));
  return chroma_row(rows, width, {u, v}, chroma);
}

}  // namespace millrace::yuv

#else

namespace millrace::yuv {

size_t rgb_to_luma_by_avx2(const uint8_t*, size_t, RgbOrder, const RgbWeights&, uint8_t*) {
  return 0;
}

size_t rgb_to_chroma_by_avx2(RowPair, size_t, RgbOrder, const RgbWeights&, uint8_t*) {
  return 0;
}

}  // namespace millrace::yuv

#endif
