// SPDX-License-Identifier: MIT
#include "engine/format/letterbox.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Letterbox, fills_the_frame_with_a_picture_of_the_same_shape) {
  EXPECT_EQ(letterbox({640, 360}, {1920, 1080}), (Rect{0, 0, 1920, 1080}));
  EXPECT_EQ(letterbox({321, 179}, {321, 179}), (Rect{0, 0, 321, 179}));
}

TEST(Letterbox, puts_bars_at_the_sides_of_a_tall_picture) {
  EXPECT_EQ(letterbox({120, 240}, {320, 180}), (Rect{114, 0, 90, 180}));
}

TEST(Letterbox, puts_bars_above_and_below_a_wide_picture) {
  EXPECT_EQ(letterbox({640, 160}, {320, 180}), (Rect{0, 50, 320, 80}));
}

TEST(Letterbox, keeps_a_sliver_visible) {
  const Rect box = letterbox({65535, 1}, {320, 180});

  EXPECT_EQ(box.height, 2U);
  EXPECT_EQ(box.width, 320U);
  EXPECT_LE(box.y + box.height, 180U);
}

TEST(Letterbox, stays_within_a_frame_of_one_pixel) {
  EXPECT_EQ(letterbox({10, 4}, {1, 1}), (Rect{0, 0, 1, 1}));
}

}  // namespace
}  // namespace millrace
