// SPDX-License-Identifier: MIT
#include "engine/stages/frame_counter.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/stages/smpte_bars.h"

namespace millrace {
namespace {

/// A picture with bars and a counter.
class Picture {
 public:
  Picture(PixelFormat format, uint32_t width, uint32_t height) : format_(format) {
    layout_ = tight_layout(format, width, height).take();
    bytes_.resize(layout_.size);
    const VideoFormat video{.format = format, .width = width, .height = height};
    SmpteBars(video).draw(planes());
  }

  [[nodiscard]] WritePlanes planes() {
    const VideoMeta video{layout_.coded_width, layout_.coded_height, layout_};
    return planes_of(std::span<std::byte>(bytes_), video).take();
  }

  void write(uint32_t frame, uint64_t pts_us) {
    const auto geometry = counter_geometry(layout_.coded_width, layout_.coded_height);
    const CounterInks inks{make_ink(format_, {}, {0, 0, 0}), make_ink(format_, {}, {1, 1, 1})};
    write_counter(*geometry, format_, planes(), inks, frame, pts_us);
  }

  [[nodiscard]] BrightnessView brightness() {
    const VideoMeta video{layout_.coded_width, layout_.coded_height, layout_};
    const ReadPlanes read = planes_of(std::span<const std::byte>(bytes_), video).take();
    return brightness_of(format_, read[0], video.width, video.height);
  }

  std::vector<std::byte>& bytes() { return bytes_; }

 private:
  PixelFormat format_;
  Layout layout_;
  std::vector<std::byte> bytes_;
};

class FrameCounterOf : public testing::TestWithParam<PixelFormat> {};

TEST_P(FrameCounterOf, reads_back_what_was_written) {
  Picture picture(GetParam(), 322, 182);
  for (const uint32_t frame : {0U, 1U, 12345U, 0x80000000U, 0xffffffffU}) {
    const uint64_t pts_us = uint64_t{frame} * 33'333 & 0xffffffffffff;
    picture.write(frame, pts_us);
    EXPECT_EQ(read_counter(picture.brightness()), (CounterReading{frame, pts_us}));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, FrameCounterOf,
                         testing::Values(PixelFormat::nv12, PixelFormat::i420, PixelFormat::yuyv,
                                         PixelFormat::bgrx, PixelFormat::rgba, PixelFormat::p010),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST(FrameCounter, reads_back_at_every_size_that_has_one) {
  for (const auto& [width, height] : {std::pair{64U, 64U},
                                      {66U, 64U},
                                      {64U, 4096U},
                                      {4096U, 64U},
                                      {128U, 128U},
                                      {256U, 144U},
                                      {1366U, 768U},
                                      {1920U, 1080U},
                                      {4096U, 2160U}}) {
    Picture picture(PixelFormat::nv12, width, height);
    picture.write(77, 99);
    const auto reading = read_counter(picture.brightness());
    ASSERT_TRUE(reading.has_value()) << width << "x" << height;
    EXPECT_EQ(reading->frame, 77U);
    EXPECT_EQ(reading->pts_us.has_value(), counter_geometry(width, height)->with_time);
  }
}

TEST(FrameCounter, is_absent_below_64_pixels_a_side) {
  EXPECT_FALSE(counter_geometry(62, 64).has_value());
  EXPECT_FALSE(counter_geometry(64, 62).has_value());
  Picture picture(PixelFormat::nv12, 62, 62);
  EXPECT_EQ(read_counter(picture.brightness()), std::nullopt);
}

TEST(FrameCounter, leaves_the_time_out_where_it_would_fill_the_picture) {
  EXPECT_FALSE(counter_geometry(64, 64)->with_time);
  EXPECT_TRUE(counter_geometry(128, 128)->with_time);
  EXPECT_TRUE(counter_geometry(322, 182)->with_time);
}

TEST(FrameCounter, stays_in_the_upper_three_quarters_on_the_grid_of_transforms) {
  for (uint32_t width = 64; width < 2100; width += 34) {
    for (uint32_t height = 64; height < 1200; height += 34) {
      const CounterGeometry geometry = *counter_geometry(width, height);
      ASSERT_EQ(geometry.block % 8, 0U);
      ASSERT_GE(geometry.block, 8U);
      ASSERT_LE(geometry.columns * geometry.block, width);
      ASSERT_LE(geometry.rows() * geometry.block, height * 3 / 4) << width << "x" << height;
    }
  }
}

TEST(FrameCounter, survives_noise_of_forty_levels) {
  Picture picture(PixelFormat::i420, 322, 182);
  picture.write(4711, 1'000'000);
  uint32_t random = 1;
  for (std::byte& byte : picture.bytes()) {
    random = random * 1664525 + 1013904223;
    const int noisy = static_cast<int>(byte) + static_cast<int>(random >> 24) % 81 - 40;
    byte = static_cast<std::byte>(std::clamp(noisy, 0, 255));
  }
  EXPECT_EQ(read_counter(picture.brightness()), (CounterReading{4711, 1'000'000}));
}

TEST(FrameCounter, a_picture_torn_between_two_frames_does_not_read) {
  Picture first(PixelFormat::nv12, 322, 182);
  Picture second(PixelFormat::nv12, 322, 182);
  const CounterGeometry geometry = *counter_geometry(322, 182);
  for (uint32_t frame = 0; frame < 300; ++frame) {
    for (uint32_t block_row = 1; block_row < geometry.rows(); ++block_row) {
      first.write(frame, frame * 33'333ULL);
      second.write(frame + 1, (frame + 1) * 33'333ULL);
      const size_t torn = size_t{322} * geometry.block * block_row;
      std::memcpy(first.bytes().data(), second.bytes().data(), torn);
      ASSERT_EQ(read_counter(first.brightness()), std::nullopt) << frame << ", row " << block_row;
    }
  }
}

TEST(FrameCounter, plain_pictures_do_not_read) {
  for (const int level : {0, 16, 128, 235, 255}) {
    Picture picture(PixelFormat::nv12, 322, 182);
    std::ranges::fill(picture.bytes(), static_cast<std::byte>(level));
    EXPECT_EQ(read_counter(picture.brightness()), std::nullopt) << "level " << level;
  }
}

TEST(FrameCounter, bars_without_a_counter_do_not_read) {
  Picture picture(PixelFormat::nv12, 1280, 720);
  EXPECT_EQ(read_counter(picture.brightness()), std::nullopt);
}

TEST(FrameCounter, one_wrong_block_does_not_read) {
  Picture picture(PixelFormat::nv12, 322, 182);
  const CounterGeometry geometry = *counter_geometry(322, 182);
  const Ink white = make_ink(PixelFormat::nv12, {}, {1, 1, 1});
  const Ink black = make_ink(PixelFormat::nv12, {}, {0, 0, 0});
  for (uint32_t bit = 0; bit < geometry.bits(); ++bit) {
    picture.write(0x55555555, 0x555555555555);
    const Rect block{bit % geometry.columns * geometry.block,
                     bit / geometry.columns * geometry.block, geometry.block, geometry.block};
    const bool was_white = picture.brightness().data[block.y * 322 + block.x] > std::byte{128};
    paint_rect(PixelFormat::nv12, picture.planes(), block, was_white ? black : white);
    ASSERT_EQ(read_counter(picture.brightness()), std::nullopt) << "bit " << bit;
  }
}

}  // namespace
}  // namespace millrace
