// SPDX-License-Identifier: MIT
#include "engine/format/rect.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace millrace {
namespace {

constexpr Rect whole{0, 0, 100, 100};

// W19: the reference takes x + width for a pixel and calls this one clipped.
TEST(Clip, leaves_a_rectangle_of_the_whole_picture_as_it_is) {
  const ClippedRect result = clip({0, 0, 100, 100}, whole);

  EXPECT_EQ(result.clipping, Clipping::inside);
  EXPECT_EQ(result.rect, whole);
}

// W19: what is left is an answer, not a failure.
TEST(Clip, keeps_the_part_that_lies_within) {
  const ClippedRect result = clip({-10, -10, 20, 20}, whole);

  EXPECT_EQ(result.clipping, Clipping::clipped);
  EXPECT_EQ(result.rect, (Rect{0, 0, 10, 10}));
}

TEST(Clip, keeps_the_last_pixel_and_nothing_behind_it) {
  EXPECT_EQ(clip({99, 99, 50, 50}, whole).rect, (Rect{99, 99, 1, 1}));
  EXPECT_EQ(clip({100, 99, 50, 50}, whole).clipping, Clipping::outside);
  EXPECT_EQ(clip({150, 150, 20, 20}, whole).clipping, Clipping::outside);
}

TEST(Clip, finds_nothing_in_an_empty_or_negative_rectangle) {
  for (const FreeRect& none : {FreeRect{5, 5, 0, 10}, {5, 5, 10, 0}, {50, 50, -10, 10}}) {
    EXPECT_EQ(clip(none, whole).clipping, Clipping::outside);
    EXPECT_EQ(clip(none, whole).rect, Rect{});
  }
}

TEST(Clip, holds_bounds_that_do_not_begin_at_zero_and_numbers_of_64_bits) {
  constexpr int64_t low = INT64_MIN;
  constexpr int64_t high = INT64_MAX;
  const Rect far{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};

  EXPECT_EQ(clip({5, 5, high, high}, far).rect, (Rect{UINT32_MAX, UINT32_MAX, 1, 1}));
  EXPECT_EQ(clip({low, low, low, low}, far).clipping, Clipping::outside);
  EXPECT_EQ(clip({10, 10, 20, 20}, {15, 15, 100, 100}).rect, (Rect{15, 15, 15, 15}));
}

TEST(Clip, finds_no_pixel_that_a_rectangle_could_not_name) {
  const Rect far{UINT32_MAX, 0, 10, 10};
  constexpr int64_t beyond = int64_t{1} << 32;

  EXPECT_EQ(clip({beyond + 4, 0, 2, 1}, far).clipping, Clipping::outside);
  EXPECT_EQ(clip({beyond, 0, 1, 1}, far).clipping, Clipping::outside);
  EXPECT_EQ(clip({0, beyond + 4, 1, 2}, {0, UINT32_MAX, 10, 10}).clipping, Clipping::outside);
  EXPECT_EQ(clip({beyond - 1, 0, 2, 1}, far).rect, (Rect{UINT32_MAX, 0, 1, 1}));
  EXPECT_EQ(clip({beyond - 1, 0, 1, 1}, far).clipping, Clipping::inside);
}

}  // namespace
}  // namespace millrace
