// SPDX-License-Identifier: MIT
#include "hw/libyuv/rgb_scaler.h"

#include <fmt/format.h>
#include <libyuv.h>

namespace millrace::yuv {
namespace {

constexpr size_t bytes_a_pixel = 4;

}  // namespace

RgbScaler::RgbScaler(PictureSize result)
    : size_(result), pixels_(size_t{result.width} * result.height * bytes_a_pixel) {}

Result<ReadPlanes> RgbScaler::scale(PictureSize picture, const ReadPlanes& from) {
  const size_t row_bytes = size_.width * bytes_a_pixel;
  // Each byte of a pixel is treated alike, so the order of the colours does not matter.
  const int failed = libyuv::ARGBScale(
      reinterpret_cast<const uint8_t*>(from[0].data), static_cast<int>(from[0].stride),
      static_cast<int>(picture.width), static_cast<int>(picture.height),
      reinterpret_cast<uint8_t*>(pixels_.data()), static_cast<int>(row_bytes),
      static_cast<int>(size_.width), static_cast<int>(size_.height), libyuv::kFilterBox);
  if (failed != 0) {
    return fail(ErrorKind::internal,
                fmt::format("scale a picture of {}x{} to {}x{}: libyuv refuses", picture.width,
                            picture.height, size_.width, size_.height));
  }
  ReadPlanes scaled{};
  scaled[0] = {pixels_.data(), row_bytes, row_bytes, size_.height};
  return scaled;
}

}  // namespace millrace::yuv
