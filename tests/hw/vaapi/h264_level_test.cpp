// SPDX-License-Identifier: MIT
#include "hw/vaapi/h264_level.h"

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

LevelNeeds needs(uint32_t width, uint32_t height, Fraction rate, uint64_t bits = 0) {
  return {.width_in_mbs = (width + 15) / 16,
          .height_in_mbs = (height + 15) / 16,
          .frame_rate = rate,
          .peak_bits_per_second = bits};
}

TEST(Level, is_the_lowest_that_holds_size_and_rate) {
  EXPECT_EQ(choose_level(needs(16, 16, {30, 1})).idc, 10);
  EXPECT_EQ(choose_level(needs(322, 182, {30, 1})).idc, 13);
  EXPECT_EQ(choose_level(needs(1280, 720, {30, 1})).idc, 31);
  EXPECT_EQ(choose_level(needs(1366, 768, {30, 1})).idc, 32);
  EXPECT_EQ(choose_level(needs(1920, 1080, {30, 1})).idc, 40);
  EXPECT_EQ(choose_level(needs(1920, 1080, {60, 1})).idc, 42);
  EXPECT_EQ(choose_level(needs(4096, 2160, {24, 1})).idc, 51);
  EXPECT_EQ(choose_level(needs(4096, 2160, {60, 1})).idc, 52);
}

TEST(Level, rises_with_the_bit_rate_and_by_a_quarter_less_in_high_profile) {
  LevelNeeds stream = needs(1280, 720, {30, 1}, 17'000'000);
  EXPECT_EQ(choose_level(stream).idc, 31);
  stream.profile = H264Profile::main;
  EXPECT_EQ(choose_level(stream).idc, 32);
  stream.peak_bits_per_second = 60'000'000;
  EXPECT_EQ(choose_level(stream).idc, 50);
}

TEST(Level, limits_each_side_and_not_the_area_alone) {
  // 100 macroblocks wide needs MaxFS of 1250, whatever the height.
  EXPECT_EQ(choose_level(needs(1600, 16, {1, 1})).idc, 22);
}

TEST(Level, holds_the_references_of_a_picture) {
  LevelNeeds stream = needs(1920, 1080, {30, 1});
  stream.reference_frames = 5;
  EXPECT_EQ(choose_level(stream).idc, 50);
}

TEST(Level, says_that_it_is_exceeded_where_none_suffices) {
  const Level level = choose_level(needs(8192, 4320, {240, 1}));
  EXPECT_EQ(level.idc, 62);
  EXPECT_TRUE(level.exceeded);
  EXPECT_FALSE(choose_level(needs(8192, 4320, {60, 1})).exceeded);
}

}  // namespace
}  // namespace millrace::vaapi
