// SPDX-License-Identifier: MIT
#include "engine/stages/paint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace millrace {
namespace {

constexpr Rgb black{0, 0, 0};
constexpr Rgb white{1, 1, 1};
constexpr Rgb red{1, 0, 0};
constexpr Rgb blue{0, 0, 1};

/// The first `count` bytes of a plane's run as numbers.
std::vector<int> run_of(const Ink& ink, size_t plane, size_t count) {
  std::vector<int> numbers;
  for (size_t i = 0; i < count; ++i) numbers.push_back(static_cast<int>(ink.run[plane][i]));
  return numbers;
}

Colour yuv(ColourMatrix matrix, ColourRange range) {
  return {.range = range, .matrix = matrix};
}

std::vector<int> nv12_codes(const Rgb& rgb, ColourMatrix matrix, ColourRange range) {
  const Ink ink = make_ink(PixelFormat::nv12, yuv(matrix, range), rgb);
  std::vector<int> codes = run_of(ink, 0, 1);
  const std::vector<int> chroma = run_of(ink, 1, 2);
  codes.insert(codes.end(), chroma.begin(), chroma.end());
  return codes;
}

using Codes = std::vector<int>;

// Expected codes: primaries of BT.709 and BT.601 from the recommendations' own equations.
TEST(Ink, of_bt709_limited) {
  constexpr auto matrix = ColourMatrix::bt709;
  constexpr auto range = ColourRange::limited;
  EXPECT_EQ(nv12_codes(black, matrix, range), (Codes{16, 128, 128}));
  EXPECT_EQ(nv12_codes(white, matrix, range), (Codes{235, 128, 128}));
  EXPECT_EQ(nv12_codes(red, matrix, range), (Codes{63, 102, 240}));
  EXPECT_EQ(nv12_codes(blue, matrix, range), (Codes{32, 240, 118}));
}

TEST(Ink, of_bt601_limited) {
  constexpr auto matrix = ColourMatrix::bt601;
  constexpr auto range = ColourRange::limited;
  EXPECT_EQ(nv12_codes(red, matrix, range), (Codes{81, 90, 240}));
  EXPECT_EQ(nv12_codes(blue, matrix, range), (Codes{41, 240, 110}));
  EXPECT_EQ(nv12_codes(red, ColourMatrix::bt470bg, range), nv12_codes(red, matrix, range));
}

TEST(Ink, of_full_range_uses_every_code) {
  constexpr auto matrix = ColourMatrix::bt601;
  constexpr auto range = ColourRange::full;
  EXPECT_EQ(nv12_codes(black, matrix, range), (Codes{0, 128, 128}));
  EXPECT_EQ(nv12_codes(white, matrix, range), (Codes{255, 128, 128}));
  EXPECT_EQ(nv12_codes(red, matrix, range), (Codes{76, 85, 255}));
}

TEST(Ink, of_unspecified_yuv_is_bt709_limited) {
  EXPECT_EQ(nv12_codes(red, ColourMatrix::unspecified, ColourRange::unspecified),
            nv12_codes(red, ColourMatrix::bt709, ColourRange::limited));
}

TEST(Ink, below_black_exists_in_limited_range_only) {
  constexpr Rgb below{-0.04, -0.04, -0.04};
  EXPECT_EQ(nv12_codes(below, ColourMatrix::bt709, ColourRange::limited)[0], 7);
  EXPECT_EQ(nv12_codes(below, ColourMatrix::bt709, ColourRange::full)[0], 0);
}

TEST(Ink, lays_out_yuyv_as_pairs_of_pixels) {
  const Ink ink = make_ink(PixelFormat::yuyv, bt709_limited, red);
  EXPECT_EQ(run_of(ink, 0, 8), (Codes{63, 102, 63, 240, 63, 102, 63, 240}));
}

TEST(Ink, lays_out_i420_as_three_planes) {
  const Ink ink = make_ink(PixelFormat::i420, bt709_limited, red);
  EXPECT_EQ(run_of(ink, 0, 2), (Codes{63, 63}));
  EXPECT_EQ(run_of(ink, 1, 2), (Codes{102, 102}));
  EXPECT_EQ(run_of(ink, 2, 2), (Codes{240, 240}));
}

TEST(Ink, lays_out_rgb_in_the_order_of_the_format) {
  constexpr Rgb colour{1, 0.5, 0};
  EXPECT_EQ(run_of(make_ink(PixelFormat::bgrx, {}, colour), 0, 4), (Codes{0, 128, 255, 255}));
  EXPECT_EQ(run_of(make_ink(PixelFormat::rgba, {}, colour), 0, 4), (Codes{255, 128, 0, 255}));
}

TEST(Ink, of_limited_rgb_keeps_to_16_to_235) {
  const Colour limited{.range = ColourRange::limited, .matrix = ColourMatrix::rgb};
  EXPECT_EQ(run_of(make_ink(PixelFormat::rgba, limited, red), 0, 3), (Codes{235, 16, 16}));
}

TEST(Ink, of_p010_has_ten_bits_at_the_top_of_little_endian_words) {
  const Ink ink = make_ink(PixelFormat::p010, bt709_limited, white);
  EXPECT_EQ(run_of(ink, 0, 2), (Codes{(940 << 6) & 0xff, 940 >> 2}));
  EXPECT_EQ(run_of(ink, 1, 4), (Codes{0, 128, 0, 128}));
}

class PaintRect : public testing::TestWithParam<PixelFormat> {
 protected:
  static constexpr uint32_t width = 48;
  static constexpr uint32_t height = 16;

  PaintRect() {
    layout_ = tight_layout(GetParam(), width, height).take();
    bytes_.resize(layout_.size);
    planes_ = planes_of(std::span<std::byte>(bytes_), {width, height, layout_}).take();
  }

  /// Bytes of plane `index` that are not zero.
  [[nodiscard]] size_t touched(size_t index) const {
    const PlaneLayout& plane = layout_.plane[index];
    const auto first = bytes_.begin() + static_cast<ptrdiff_t>(plane.offset);
    const auto last = first + static_cast<ptrdiff_t>(plane.bytes());
    return static_cast<size_t>(
        std::count_if(first, last, [](std::byte b) { return b != std::byte{0}; }));
  }

  [[nodiscard]] static Ink all_ones() {
    Ink ink;
    for (auto& run : ink.run) run.fill(std::byte{0xff});
    return ink;
  }

  Layout layout_;
  std::vector<std::byte> bytes_;
  WritePlanes planes_{};
};

TEST_P(PaintRect, touches_exactly_the_samples_of_the_rectangle) {
  paint_rect(GetParam(), planes_, {8, 4, 10, 6}, all_ones());
  for (size_t index = 0; index < layout_.plane_count(); ++index) {
    const PlaneExtent part = visible_extent(GetParam(), index, 10, 6);
    EXPECT_EQ(touched(index), part.row_bytes * part.rows) << "plane " << index;
  }
}

TEST_P(PaintRect, stays_inside_the_frame) {
  paint_rect(GetParam(), planes_, {40, 12, 1000, 1000}, all_ones());
  for (size_t index = 0; index < layout_.plane_count(); ++index) {
    const PlaneExtent part = visible_extent(GetParam(), index, 8, 4);
    EXPECT_EQ(touched(index), part.row_bytes * part.rows) << "plane " << index;
  }
}

TEST_P(PaintRect, of_no_size_or_outside_touches_nothing) {
  paint_rect(GetParam(), planes_, {8, 4, 0, 6}, all_ones());
  paint_rect(GetParam(), planes_, {8, 4, 6, 0}, all_ones());
  paint_rect(GetParam(), planes_, {width, height, 8, 8}, all_ones());
  EXPECT_EQ(std::ranges::count(bytes_, std::byte{0}), static_cast<ptrdiff_t>(bytes_.size()));
}

INSTANTIATE_TEST_SUITE_P(Formats, PaintRect,
                         testing::Values(PixelFormat::nv12, PixelFormat::i420, PixelFormat::yuyv,
                                         PixelFormat::bgrx, PixelFormat::rgba, PixelFormat::p010),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST(CanPaint, says_yes_to_the_formats_that_it_names) {
  std::string names;
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    if (can_paint(format.format)) names += (names.empty() ? "" : ", ") + std::string(format.name);
  }
  EXPECT_EQ(names, names_of_paintable_formats());
  EXPECT_EQ(names, "NV12, I420, YUYV, BGRX, RGBA, P010");
}

}  // namespace
}  // namespace millrace
