// SPDX-License-Identifier: MIT
#include "hw/x11/cursor_image.h"

#include <array>

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

/// 4x3 pixels of B, G, R, X = 100, 100, 100, 7, in rows of 20 bytes.
struct Frame {
  static constexpr size_t stride = 20;
  std::array<std::byte, 3 * stride> bytes{};

  Frame() {
    for (size_t at = 0; at < bytes.size(); ++at) {
      bytes[at] = std::byte{at % 4 == 3 ? uint8_t{7} : uint8_t{100}};
    }
  }

  PlaneSpan<std::byte> plane() { return {bytes.data(), stride, 16, 3}; }

  [[nodiscard]] int at(size_t x, size_t y, size_t channel) const {
    return std::to_integer<int>(bytes[y * stride + x * 4 + channel]);
  }
};

CursorImage opaque_pixel(uint32_t argb) {
  return {.width = 1, .height = 1, .pixels = {argb}};
}

TEST(CursorImage, replaces_what_lies_below_an_opaque_pixel) {
  Frame frame;
  blend(opaque_pixel(0xff102030), {2, 1}, frame.plane());
  EXPECT_EQ(frame.at(2, 1, 0), 0x30);
  EXPECT_EQ(frame.at(2, 1, 1), 0x20);
  EXPECT_EQ(frame.at(2, 1, 2), 0x10);
  EXPECT_EQ(frame.at(1, 1, 0), 100);
  EXPECT_EQ(frame.at(3, 1, 0), 100);
}

TEST(CursorImage, adds_half_of_what_lies_below_a_half_transparent_pixel) {
  Frame frame;
  blend(opaque_pixel(0x80400000), {0, 0}, frame.plane());
  EXPECT_EQ(frame.at(0, 0, 0), 50);
  EXPECT_EQ(frame.at(0, 0, 2), 0x40 + 50);
}

TEST(CursorImage, leaves_what_lies_below_a_transparent_pixel) {
  Frame frame;
  blend(opaque_pixel(0), {0, 0}, frame.plane());
  EXPECT_EQ(frame.bytes, Frame().bytes);
}

TEST(CursorImage, stays_within_its_codes_where_a_colour_exceeds_alpha) {
  Frame frame;
  blend(opaque_pixel(0x00ff0000), {0, 0}, frame.plane());
  EXPECT_EQ(frame.at(0, 0, 2), 255);
}

TEST(CursorImage, is_clipped_at_every_edge_and_placed_by_its_hot_spot) {
  CursorImage image{.width = 3, .height = 3, .hot_x = 1, .hot_y = 1};
  for (uint32_t n = 1; n <= 9; ++n) image.pixels.push_back(0xff000000 | n);
  Frame corner;
  blend(image, {0, 0}, corner.plane());
  EXPECT_EQ(corner.at(0, 0, 0), 5);
  EXPECT_EQ(corner.at(1, 1, 0), 9);
  Frame opposite;
  blend(image, {3, 2}, opposite.plane());
  EXPECT_EQ(opposite.at(3, 2, 0), 5);
  EXPECT_EQ(opposite.at(2, 1, 0), 1);
  EXPECT_EQ(opposite.bytes[16], corner.bytes[16]);  // the padding behind the first row
}

TEST(CursorImage, is_seen_only_where_a_pixel_of_it_lies_in_the_picture) {
  const CursorImage image{.width = 2, .height = 2, .pixels = {1, 1, 1, 1}};
  EXPECT_TRUE(is_seen(image, {-1, -1}, 4, 3));
  EXPECT_FALSE(is_seen(image, {-2, 0}, 4, 3));
  EXPECT_FALSE(is_seen(image, {4, 0}, 4, 3));
  EXPECT_FALSE(is_seen({}, {1, 1}, 4, 3));
}

}  // namespace
}  // namespace millrace::x11
