// SPDX-License-Identifier: MIT
#include "hw/softva/pixels.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "hw/softva/tiling.h"

namespace millrace::softva {
namespace {

/// One plane of the window. In `step` bytes: 1 for luma, 2 for a pair of chroma samples.
struct PlaneWindow {
  size_t left = 0;
  size_t top = 0;
  size_t width = 0;
  size_t height = 0;
  size_t step = 1;
};

PlaneWindow plane_window(Window window, int plane) {
  if (plane == 0) return {window.left, window.top, window.width, window.height, 1};
  return {window.left, window.top / 2, window.width, window.height / 2, 2};
}

const uint8_t* place_of(const Surface& surface, int plane, const PlaneWindow& window) {
  const Plane& source = surface.plane(plane);
  return source.memory->data() + source.offset + window.top * source.pitch + window.left;
}

/// The window of a plane, with its last column and row repeated where it reaches beyond.
void copy_plane(const Surface& surface, int plane, const PlaneWindow& window, uint8_t* out) {
  const size_t available = row_bytes(surface.size(), plane);
  const size_t last_row = row_count(surface.size(), plane) - 1;
  const size_t covered =
      window.left < available ? std::min(window.width, available - window.left) : 0;
  std::array<uint8_t, 2> last = {};
  for (size_t y = 0; y < window.height; ++y) {
    const size_t row = std::min(window.top + y, last_row);
    read_row(surface.plane(plane), row, window.left, {out, covered});
    read_row(surface.plane(plane), row, available - window.step, {last.data(), window.step});
    for (size_t x = covered; x < window.width; ++x) out[x] = last.at(x % window.step);
    out += window.width;
  }
}

bool covers(Size size, Window window) {
  return uint64_t{window.left} + window.width <= size.width &&
         uint64_t{window.top} + window.height <= size.height;
}

}  // namespace

Pixels tight_pixels(uint32_t width, uint32_t height, std::vector<uint8_t>& bytes) {
  const size_t luma = size_t{width} * height;
  bytes.resize(luma + luma / 2);
  return {{bytes.data(), bytes.data() + luma}, {width, width}};
}

Pixels pixels_of(const Surface& surface, Window window, std::vector<uint8_t>& padded) {
  Pixels pixels;
  if (!surface.is_tiled() && covers(surface.size(), window)) {
    for (int plane = 0; plane < 2; ++plane) {
      const PlaneWindow part = plane_window(window, plane);
      const auto index = static_cast<size_t>(plane);
      pixels.data[index] = place_of(surface, plane, part);
      pixels.pitch[index] = surface.plane(plane).pitch;
    }
    return pixels;
  }
  pixels = tight_pixels(window.width, window.height, padded);
  copy_plane(surface, 0, plane_window(window, 0), padded.data());
  copy_plane(surface, 1, plane_window(window, 1),
             padded.data() + size_t{window.width} * window.height);
  return pixels;
}

std::vector<uint8_t> copy_of(const Pixels& pixels, uint32_t width, uint32_t height) {
  std::vector<uint8_t> copy(size_t{width} * height * 3 / 2);
  uint8_t* out = copy.data();
  for (size_t plane = 0; plane < 2; ++plane) {
    const size_t rows = plane == 0 ? height : height / 2;
    for (size_t row = 0; row < rows; ++row, out += width)
      std::memcpy(out, pixels.data.at(plane) + row * pixels.pitch.at(plane), width);
  }
  return copy;
}

}  // namespace millrace::softva
