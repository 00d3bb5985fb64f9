// SPDX-License-Identifier: MIT
#include "engine/format/stream_format.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(StreamFormat, frames_print_format_size_and_rate) {
  const VideoFormat video{.format = PixelFormat::nv12, .width = 1920, .height = 1080};
  EXPECT_EQ(to_string(StreamFormat(video)), "NV12 1920x1080 30 fps");
}

TEST(StreamFormat, a_fractional_rate_prints_exactly) {
  const VideoFormat video{.width = 64, .height = 64, .frame_rate = {30000, 1001}};
  EXPECT_EQ(to_string(StreamFormat(video)), "NV12 64x64 30000/1001 fps");
}

TEST(StreamFormat, packets_print_their_codec) {
  const PacketFormat packets{.width = 1280, .height = 720, .frame_rate = {25, 1}};
  EXPECT_EQ(to_string(StreamFormat(packets)), "H.264 1280x720 25 fps");
}

TEST(StreamFormat, tensors_and_sound_print_their_shape) {
  EXPECT_EQ(to_string(StreamFormat(TensorFormat{.shape = {1, 3, 224, 224}})), "tensor 1x3x224x224");
  EXPECT_EQ(to_string(StreamFormat(AudioFormat{})), "audio 48000 Hz, 2 channels");
}

TEST(Colour, is_known_once_any_part_is) {
  EXPECT_FALSE(Colour{}.is_known());
  EXPECT_TRUE((Colour{.range = ColourRange::full}).is_known());
  EXPECT_TRUE(bt709_limited.is_known());
}

}  // namespace
}  // namespace millrace
