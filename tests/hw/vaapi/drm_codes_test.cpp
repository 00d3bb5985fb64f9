// SPDX-License-Identifier: MIT
// The engine knows DRM's codes without the header that has them.
#include <utility>

#include <drm_fourcc.h>

#include <gtest/gtest.h>

#include "engine/format/pixel_format.h"

namespace millrace {
namespace {

TEST(DrmCodes, of_our_formats_are_those_of_the_header) {
  const std::pair<PixelFormat, uint32_t> known[] = {
      {PixelFormat::nv12, DRM_FORMAT_NV12},     {PixelFormat::i420, DRM_FORMAT_YUV420},
      {PixelFormat::yuyv, DRM_FORMAT_YUYV},     {PixelFormat::bgrx, DRM_FORMAT_XRGB8888},
      {PixelFormat::rgba, DRM_FORMAT_ABGR8888}, {PixelFormat::p010, DRM_FORMAT_P010},
      {PixelFormat::nv21, DRM_FORMAT_NV21},     {PixelFormat::nv16, DRM_FORMAT_NV16},
      {PixelFormat::nv61, DRM_FORMAT_NV61},     {PixelFormat::nv24, DRM_FORMAT_NV24},
      {PixelFormat::yv12, DRM_FORMAT_YVU420},   {PixelFormat::y42b, DRM_FORMAT_YUV422},
      {PixelFormat::y444, DRM_FORMAT_YUV444},   {PixelFormat::uyvy, DRM_FORMAT_UYVY},
      {PixelFormat::yvyu, DRM_FORMAT_YVYU},     {PixelFormat::p016, DRM_FORMAT_P016},
      {PixelFormat::rgb, DRM_FORMAT_BGR888},    {PixelFormat::bgr, DRM_FORMAT_RGB888},
      {PixelFormat::bgra, DRM_FORMAT_ARGB8888}, {PixelFormat::rgbx, DRM_FORMAT_XBGR8888},
      {PixelFormat::xrgb, DRM_FORMAT_BGRX8888}, {PixelFormat::argb, DRM_FORMAT_BGRA8888},
      {PixelFormat::xbgr, DRM_FORMAT_RGBX8888}, {PixelFormat::abgr, DRM_FORMAT_RGBA8888},
      {PixelFormat::gray8, DRM_FORMAT_R8},      {PixelFormat::gray16, DRM_FORMAT_R16},
      {PixelFormat::rgb16, DRM_FORMAT_RGB565}};
  for (const auto& [format, code] : known) {
    EXPECT_EQ(facts(format).fourcc, code) << to_string(format);
  }
}

}  // namespace
}  // namespace millrace
