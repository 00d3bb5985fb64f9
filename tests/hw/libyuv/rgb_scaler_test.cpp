// SPDX-License-Identifier: MIT
#include "hw/libyuv/rgb_scaler.h"

#include <gtest/gtest.h>

namespace millrace::yuv {
namespace {

/// Grey pixels of a picture, by a function of the column.
template <class Grey>
std::vector<std::byte> picture_of(PictureSize size, Grey grey) {
  std::vector<std::byte> pixels(size_t{size.width} * size.height * 4);
  for (size_t at = 0; at < pixels.size(); ++at) {
    pixels[at] = static_cast<std::byte>(grey(at / 4 % size.width));
  }
  return pixels;
}

ReadPlanes planes_of(const std::vector<std::byte>& pixels, PictureSize size) {
  ReadPlanes planes{};
  planes[0] = {pixels.data(), size_t{size.width} * 4, size_t{size.width} * 4, size.height};
  return planes;
}

TEST(RgbScaler, halves_a_picture_until_it_is_near_its_size) {
  using Sizes = std::vector<PictureSize>;
  EXPECT_EQ(scaling_steps({100, 100}, {640, 480}), (Sizes{{640, 480}}));
  EXPECT_EQ(scaling_steps({1920, 1080}, {1280, 720}), (Sizes{{1280, 720}}));
  EXPECT_EQ(scaling_steps({1920, 720}, {1000, 720}), (Sizes{{960, 720}, {1000, 720}}));
  EXPECT_EQ(scaling_steps({1921, 480}, {480, 480}), (Sizes{{960, 480}, {480, 480}}));
  EXPECT_EQ(scaling_steps({5, 16}, {5, 2}), (Sizes{{5, 8}, {5, 4}, {5, 2}}));
}

TEST(RgbScaler, survives_the_ratios_at_which_the_box_filter_asserts) {
  for (const PictureSize size :
       {PictureSize{256, 12}, {640, 12}, {1280, 12}, {1792, 12}, {32767, 1}, {1, 8000}, {3, 3}}) {
    const std::vector<std::byte> pixels = picture_of(size, [](size_t) { return 255; });
    RgbScaler scaler({160, 2});

    const Result<ReadPlanes> scaled = scaler.scale(size, planes_of(pixels, size));

    ASSERT_TRUE(scaled) << scaled.error().what;
    EXPECT_NEAR(std::to_integer<int>((*scaled)[0].row(1)[159 * 4]), 255, 20) << size.width;
  }
}

TEST(RgbScaler, keeps_thin_lines_of_a_picture_that_shrinks) {
  constexpr PictureSize size{1920, 64};
  const std::vector<std::byte> pixels =
      picture_of(size, [](size_t column) { return column % 8 == 0 ? 255 : 0; });
  for (const uint32_t width : {448U, 480U, 500U, 640U}) {
    RgbScaler scaler({width, 32});

    const ReadPlanes scaled = scaler.scale(size, planes_of(pixels, size)).take();

    // A mean of 32 over each line and the gap behind it, wherever one looks.
    const uint32_t columns = 8 * width / size.width + 1;
    for (uint32_t first = 0; first + columns < width; first += columns) {
      int sum = 0;
      for (uint32_t at = first; at < first + columns; ++at) {
        sum += std::to_integer<int>(scaled[0].row(16)[size_t{at} * 4]);
      }
      EXPECT_GT(sum, 50) << width << " at " << first;
    }
  }
}

}  // namespace
}  // namespace millrace::yuv
