// SPDX-License-Identifier: MIT
#include "hw/v4l2/formats.h"

#include <utility>

#include <linux/videodev2.h>

#include <gtest/gtest.h>

namespace millrace::v4l2 {
namespace {

TEST(V4l2Formats, lead_from_each_of_our_formats_and_back) {
  for (const PixelFormatFacts& facts : all_pixel_formats()) {
    const std::vector<uint32_t> codes = codes_of(facts.format);
    EXPECT_EQ(codes.empty(), facts.v4l2 == 0) << facts.name;
    for (const uint32_t code : codes) EXPECT_EQ(format_of(code), facts.format) << facts.name;
  }
}

/// The engine knows the codes without the header that has them.
TEST(V4l2Formats, have_the_codes_of_the_header) {
  const std::pair<PixelFormat, uint32_t> known[] = {
      {PixelFormat::nv12, V4L2_PIX_FMT_NV12},   {PixelFormat::i420, V4L2_PIX_FMT_YUV420},
      {PixelFormat::yuyv, V4L2_PIX_FMT_YUYV},   {PixelFormat::bgrx, V4L2_PIX_FMT_XBGR32},
      {PixelFormat::rgba, V4L2_PIX_FMT_RGBA32}, {PixelFormat::p010, V4L2_PIX_FMT_P010},
      {PixelFormat::nv21, V4L2_PIX_FMT_NV21},   {PixelFormat::nv16, V4L2_PIX_FMT_NV16},
      {PixelFormat::nv61, V4L2_PIX_FMT_NV61},   {PixelFormat::nv24, V4L2_PIX_FMT_NV24},
      {PixelFormat::yv12, V4L2_PIX_FMT_YVU420}, {PixelFormat::y42b, V4L2_PIX_FMT_YUV422P},
      {PixelFormat::uyvy, V4L2_PIX_FMT_UYVY},   {PixelFormat::yvyu, V4L2_PIX_FMT_YVYU},
      {PixelFormat::rgb, V4L2_PIX_FMT_RGB24},   {PixelFormat::bgr, V4L2_PIX_FMT_BGR24},
      {PixelFormat::bgra, V4L2_PIX_FMT_ABGR32}, {PixelFormat::rgbx, V4L2_PIX_FMT_RGBX32},
      {PixelFormat::xrgb, V4L2_PIX_FMT_XRGB32}, {PixelFormat::argb, V4L2_PIX_FMT_ARGB32},
      {PixelFormat::xbgr, V4L2_PIX_FMT_BGRX32}, {PixelFormat::abgr, V4L2_PIX_FMT_BGRA32},
      {PixelFormat::gray8, V4L2_PIX_FMT_GREY},  {PixelFormat::gray16, V4L2_PIX_FMT_Y16},
      {PixelFormat::rgb16, V4L2_PIX_FMT_RGB565}};
  for (const auto& [format, code] : known) EXPECT_EQ(facts(format).v4l2, code) << to_string(format);
}

TEST(V4l2Formats, know_nothing_of_what_is_not_ours) {
  EXPECT_FALSE(format_of(V4L2_PIX_FMT_MJPEG));
  EXPECT_FALSE(format_of(0));
}

TEST(V4l2Formats, are_written_as_people_write_them) {
  EXPECT_EQ(code_text(V4L2_PIX_FMT_YUYV), "YUYV");
  EXPECT_EQ(code_text(V4L2_PIX_FMT_Y10), "Y10");
  EXPECT_EQ(code_text(0x01020304), "????");
}

TEST(V4l2Colour, of_our_video_is_rec_709_limited) {
  const WireColour wire = wire_colour(bt709_limited, PixelFormat::nv12);

  EXPECT_EQ(wire.colorspace, static_cast<uint32_t>(V4L2_COLORSPACE_REC709));
  EXPECT_EQ(wire.ycbcr_enc, static_cast<uint32_t>(V4L2_YCBCR_ENC_709));
  EXPECT_EQ(wire.quantization, static_cast<uint32_t>(V4L2_QUANTIZATION_LIM_RANGE));
  EXPECT_EQ(wire.xfer_func, static_cast<uint32_t>(V4L2_XFER_FUNC_709));
}

TEST(V4l2Colour, of_rgb_is_srgb_in_full_range) {
  const WireColour wire = wire_colour({}, PixelFormat::bgrx);

  EXPECT_EQ(wire.colorspace, static_cast<uint32_t>(V4L2_COLORSPACE_SRGB));
  EXPECT_EQ(wire.quantization, static_cast<uint32_t>(V4L2_QUANTIZATION_FULL_RANGE));
}

TEST(V4l2Colour, that_nobody_knows_is_left_to_the_driver) {
  EXPECT_EQ(wire_colour({}, PixelFormat::nv12), WireColour{});
}

}  // namespace
}  // namespace millrace::v4l2
