// SPDX-License-Identifier: MIT
#include "tests/hw/libyuv/pictures.h"

#include <algorithm>

namespace millrace::yuv::testing {
namespace {

constexpr uint64_t row_padding = 24;

Layout padded_layout(const VideoFormat& video) {
  Layout layout = tight_layout(video.format, video.width, video.height).take();
  uint64_t offset = 0;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    PlaneLayout& plane = layout.plane[index];
    plane.offset = offset;
    plane.stride += row_padding;
    offset += plane.bytes();
  }
  layout.size = offset;
  return layout;
}

double scaled(double value, double weight) {
  return value * weight / 255.0;
}

}  // namespace

Picture::Picture(const VideoFormat& video)
    : video_(video),
      meta_{video.width, video.height, padded_layout(video)},
      bytes_(meta_.layout.size, untouched) {}

uint8_t& Picture::at(size_t plane, size_t byte, size_t row) {
  const PlaneLayout& place = meta_.layout.plane.at(plane);
  return reinterpret_cast<uint8_t&>(bytes_.at(place.offset + row * place.stride + byte));
}

ReadPlanes Picture::readable() const {
  return planes_of(std::span<const std::byte>(bytes_), meta_).take();
}

WritePlanes Picture::writable() {
  return planes_of(std::span<std::byte>(bytes_), meta_).take();
}

bool Picture::padding_is_untouched() const {
  for (const PlaneLayout& plane : meta_.layout.planes()) {
    for (uint64_t row = 0; row < plane.rows; ++row) {
      const auto end =
          bytes_.begin() + static_cast<ptrdiff_t>(plane.offset + (row + 1) * plane.stride);
      if (std::any_of(end - row_padding, end, [](std::byte b) { return b != untouched; })) {
        return false;
      }
    }
  }
  return true;
}

Picture patch(const VideoFormat& video, Rgb colour) {
  Picture picture(video);
  const bool rgba = video.format == PixelFormat::rgba;
  for (size_t row = 0; row < video.height; ++row) {
    for (size_t x = 0; x < video.width; ++x) {
      picture.at(0, 4 * x, row) = rgba ? colour.red : colour.blue;
      picture.at(0, 4 * x + 1, row) = colour.green;
      picture.at(0, 4 * x + 2, row) = rgba ? colour.blue : colour.red;
      picture.at(0, 4 * x + 3, row) = 0;
    }
  }
  return picture;
}

Yuv expected_yuv(Rgb colour, const Colour& tags) {
  const bool bt709 = tags.matrix == ColourMatrix::bt709;
  const double kr = bt709 ? 0.2126 : 0.299;
  const double kb = bt709 ? 0.0722 : 0.114;
  const double y = kr * colour.red + (1 - kr - kb) * colour.green + kb * colour.blue;
  const double u = (colour.blue - y) / (2 * (1 - kb));
  const double v = (colour.red - y) / (2 * (1 - kr));
  if (tags.range == ColourRange::full) {
    return {y, std::min(u + 128, 255.0), std::min(v + 128, 255.0)};
  }
  return {scaled(y, 219) + 16, scaled(u, 224) + 128, scaled(v, 224) + 128};
}

}  // namespace millrace::yuv::testing
