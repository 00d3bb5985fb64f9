// SPDX-License-Identifier: MIT
#include "engine/stages/smpte_bars.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace millrace {
namespace {

/// A frame with guard bytes in the padding of every row.
class Canvas {
 public:
  explicit Canvas(const VideoFormat& video) : video_(video) {
    layout_ = tight_layout(video.format, video.width, video.height).take();
    layout_.size = 0;
    for (size_t index = 0; index < layout_.plane_count(); ++index) {
      PlaneLayout& plane = layout_.plane[index];
      plane.stride += padding;
      plane.offset = layout_.size;
      layout_.size += plane.bytes();
    }
    bytes_.assign(layout_.size, guard);
  }

  [[nodiscard]] WritePlanes planes() {
    return planes_of(std::span<std::byte>(bytes_), {video_.width, video_.height, layout_}).take();
  }

  [[nodiscard]] bool guards_stand() {
    for (const PlaneSpan<std::byte>& plane : planes()) {
      for (size_t row = 0; row < plane.rows; ++row) {
        const std::byte* const end = plane.row(row).data() + plane.row_bytes;
        for (size_t i = 0; i < padding; ++i) {
          if (end[i] != guard) return false;
        }
      }
    }
    return true;
  }

  static constexpr std::byte guard{0xa5};

 private:
  static constexpr size_t padding = 12;
  VideoFormat video_;
  Layout layout_;
  std::vector<std::byte> bytes_;
};

VideoFormat nv12(uint32_t width, uint32_t height) {
  return {.format = PixelFormat::nv12, .width = width, .height = height, .colour = bt709_limited};
}

using Code = std::array<int, 3>;

Code code_at(Canvas& canvas, uint32_t x, uint32_t y) {
  const WritePlanes planes = canvas.planes();
  const auto chroma = planes[1].row(y / 2);
  return {static_cast<int>(planes[0].row(y)[x]), static_cast<int>(chroma[x / 2 * 2]),
          static_cast<int>(chroma[x / 2 * 2 + 1])};
}

TEST(SmpteBars, have_the_codes_of_75_percent_bt709_bars) {
  Canvas canvas(nv12(700, 120));
  SmpteBars(nv12(700, 120)).draw(canvas.planes());
  // The codes that broadcast test sets list for 75 % BT.709 bars at 8 bits.
  const std::array<Code, 7> expected = {{{180, 128, 128},
                                         {168, 44, 136},
                                         {145, 147, 44},
                                         {133, 63, 52},
                                         {63, 193, 204},
                                         {51, 109, 212},
                                         {28, 212, 120}}};
  for (uint32_t bar = 0; bar < 7; ++bar) {
    EXPECT_EQ(code_at(canvas, bar * 100 + 50, 40), expected[bar]) << "bar " << bar;
  }
}

TEST(SmpteBars, have_white_and_black_in_the_bottom_band) {
  Canvas canvas(nv12(840, 120));
  SmpteBars(nv12(840, 120)).draw(canvas.planes());
  EXPECT_EQ(code_at(canvas, 200, 110), (Code{235, 128, 128}));
  EXPECT_EQ(code_at(canvas, 500, 110), (Code{16, 128, 128}));
  EXPECT_EQ(code_at(canvas, 620, 110)[0], 7);
  EXPECT_EQ(code_at(canvas, 700, 110)[0], 25);
}

TEST(SmpteBars, mirror_the_blue_in_the_middle_band) {
  Canvas canvas(nv12(700, 120));
  SmpteBars(nv12(700, 120)).draw(canvas.planes());
  EXPECT_EQ(code_at(canvas, 50, 85), code_at(canvas, 650, 40));
  EXPECT_EQ(code_at(canvas, 650, 85), code_at(canvas, 50, 40));
}

TEST(BarsPatches, tell_where_the_bars_are_without_gaps) {
  const std::vector<BarsPatch> patches = bars_patches(1366, 768);
  ASSERT_EQ(patches.size(), 7U);
  uint32_t x = 0;
  for (const BarsPatch& patch : patches) {
    EXPECT_EQ(patch.where.x, x);
    EXPECT_GE(patch.where.width, 32U);
    x += patch.where.width;
  }
  EXPECT_EQ(x, 1366U);
}

TEST(BarsPatches, have_the_colour_that_is_drawn_there) {
  Canvas canvas(nv12(322, 182));
  SmpteBars(nv12(322, 182)).draw(canvas.planes());
  for (const BarsPatch& patch : bars_patches(322, 182)) {
    const Ink ink = make_ink(PixelFormat::nv12, bt709_limited, patch.colour);
    const Code expected = {static_cast<int>(ink.run[0][0]), static_cast<int>(ink.run[1][0]),
                           static_cast<int>(ink.run[1][1])};
    const uint32_t last_x = patch.where.x + patch.where.width - 1;
    const uint32_t last_y = patch.where.y + patch.where.height - 1;
    EXPECT_EQ(code_at(canvas, patch.where.x, patch.where.y), expected);
    EXPECT_EQ(code_at(canvas, last_x, last_y), expected);
  }
}

class SmpteBarsOf : public testing::TestWithParam<PixelFormat> {};

TEST_P(SmpteBarsOf, every_size_is_covered_wholly_and_nothing_beside_it) {
  for (const auto& [width, height] : {std::pair{2U, 2U}, {4U, 2U}, {64U, 64U}, {322U, 182U}}) {
    const VideoFormat video{.format = GetParam(), .width = width, .height = height};
    Canvas canvas(video);
    SmpteBars(video).draw(canvas.planes());
    EXPECT_TRUE(canvas.guards_stand()) << width << "x" << height;
    Canvas twice(video);
    WritePlanes planes = twice.planes();
    for (const PlaneSpan<std::byte>& plane : planes) {
      for (size_t row = 0; row < plane.rows; ++row) {
        for (std::byte& byte : plane.row(row)) byte = ~Canvas::guard;
      }
    }
    SmpteBars(video).draw(planes);
    const WritePlanes first = canvas.planes();
    for (size_t index = 0; index < max_planes; ++index) {
      for (size_t row = 0; row < planes[index].rows; ++row) {
        const auto a = first[index].row(row);
        const auto b = planes[index].row(row);
        ASSERT_TRUE(std::equal(a.begin(), a.end(), b.begin())) << "plane " << index;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, SmpteBarsOf,
                         testing::Values(PixelFormat::nv12, PixelFormat::i420, PixelFormat::yuyv,
                                         PixelFormat::bgrx, PixelFormat::rgba, PixelFormat::p010),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST(SmpteBars, of_an_odd_size_reach_the_last_pixel_of_rgb) {
  const VideoFormat video{.format = PixelFormat::bgrx, .width = 65, .height = 63};
  Canvas canvas(video);
  SmpteBars(video).draw(canvas.planes());
  EXPECT_TRUE(canvas.guards_stand());
  const auto last_row = canvas.planes()[0].row(62);
  EXPECT_EQ(last_row[64 * 4 + 3], std::byte{0xff});
}

}  // namespace
}  // namespace millrace
