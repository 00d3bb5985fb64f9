// SPDX-License-Identifier: MIT
#include "hw/libyuv/rgb_scaler.h"

#include <algorithm>

#include <fmt/format.h>
#include <libyuv.h>

namespace millrace::yuv {
namespace {

constexpr size_t bytes_a_pixel = 4;

/// Near a halving, interpolation alone would leave out most of every other pixel.
uint32_t towards(uint32_t side, uint32_t result) {
  const bool halve = uint64_t{side} * 4 >= uint64_t{result} * 7;
  return halve ? side / 2 : result;
}

/// Exact halves are averaged without loss; so an odd last column or row is left out.
PictureSize read_part(PictureSize size, PictureSize result) {
  return {result.width == size.width / 2 ? result.width * 2 : size.width,
          result.height == size.height / 2 ? result.height * 2 : size.height};
}

/// Each byte of a pixel is treated alike, so the order of the colours does not matter.
bool scale_once(const PlaneSpan<const std::byte>& from, PictureSize size, std::byte* to,
                PictureSize result) {
  return libyuv::ARGBScale(reinterpret_cast<const uint8_t*>(from.data),
                           static_cast<int>(from.stride), static_cast<int>(size.width),
                           static_cast<int>(size.height), reinterpret_cast<uint8_t*>(to),
                           static_cast<int>(result.width * bytes_a_pixel),
                           static_cast<int>(result.width), static_cast<int>(result.height),
                           libyuv::kFilterBilinear) == 0;
}

}  // namespace

std::vector<PictureSize> scaling_steps(PictureSize picture, PictureSize result) {
  std::vector<PictureSize> steps;
  do {
    picture = {towards(picture.width, result.width), towards(picture.height, result.height)};
    steps.push_back(picture);
  } while (picture != result);
  return steps;
}

Result<ReadPlanes> RgbScaler::scale(PictureSize picture, const ReadPlanes& from) {
  if (steps_.empty() || picture != picture_) {
    steps_ = scaling_steps(picture, result_);
    picture_ = picture;
  }
  ReadPlanes planes = from;
  PictureSize size = picture;
  for (size_t index = 0; index < steps_.size(); ++index) {
    const PictureSize next = steps_[index];
    const size_t row_bytes = next.width * bytes_a_pixel;
    std::vector<std::byte>& pixels = pixels_[index % 2];
    pixels.resize(std::max(pixels.size(), row_bytes * next.height));
    if (!scale_once(planes[0], read_part(size, next), pixels.data(), next)) {
      return fail(ErrorKind::internal,
                  fmt::format("scale a picture of {}x{} to {}x{}: libyuv refuses", size.width,
                              size.height, next.width, next.height));
    }
    planes[0] = {pixels.data(), row_bytes, row_bytes, next.height};
    size = next;
  }
  return planes;
}

}  // namespace millrace::yuv
