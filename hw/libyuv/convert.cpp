// SPDX-License-Identifier: MIT
#include "hw/libyuv/convert.h"

#include <algorithm>
#include <cstring>

#include <libyuv.h>

#include "engine/base/check.h"
#include "hw/libyuv/rgb_rows.h"

namespace millrace::yuv {
namespace {

/// A plane as libyuv takes it.
template <class Byte>
struct Plane {
  Byte* data;
  int stride;
};

Plane<const uint8_t> plane(const PlaneSpan<const std::byte>& span) {
  return {reinterpret_cast<const uint8_t*>(span.data), static_cast<int>(span.stride)};
}

Plane<uint8_t> plane(const PlaneSpan<std::byte>& span) {
  return {reinterpret_cast<uint8_t*>(span.data), static_cast<int>(span.stride)};
}

struct Job {
  const VideoFormat& in;
  const ReadPlanes& from;
  Plane<uint8_t> y, uv;
  Colour colour;  ///< of the output
  int width, height;

  [[nodiscard]] Plane<const uint8_t> source(size_t index) const { return plane(from.at(index)); }
};

void from_i420(const Job& job) {
  const auto y = job.source(0);
  const auto u = job.source(1);
  const auto v = job.source(2);
  libyuv::I420ToNV12(y.data, y.stride, u.data, u.stride, v.data, v.stride, job.y.data, job.y.stride,
                     job.uv.data, job.uv.stride, job.width, job.height);
}

void from_nv12(const Job& job) {
  const auto y = job.source(0);
  const auto uv = job.source(1);
  libyuv::NV12Copy(y.data, y.stride, uv.data, uv.stride, job.y.data, job.y.stride, job.uv.data,
                   job.uv.stride, job.width, job.height);
}

void from_yuyv(const Job& job) {
  const auto packed = job.source(0);
  libyuv::YUY2ToNV12(packed.data, packed.stride, job.y.data, job.y.stride, job.uv.data,
                     job.uv.stride, job.width, job.height);
}

/// P010 holds its ten bits at the top of 16: the upper byte is the sample in eight bits.
void from_p010(const Job& job) {
  constexpr int upper_byte = 256;
  const auto y = job.source(0);
  const auto uv = job.source(1);
  libyuv::Convert16To8Plane(reinterpret_cast<const uint16_t*>(y.data), y.stride / 2, job.y.data,
                            job.y.stride, upper_byte, job.width, job.height);
  libyuv::Convert16To8Plane(reinterpret_cast<const uint16_t*>(uv.data), uv.stride / 2, job.uv.data,
                            job.uv.stride, upper_byte, (job.width + 1) / 2 * 2,
                            (job.height + 1) / 2);
}

/// What libyuv has by itself: the BT.601 matrix in limited range.
bool is_libyuv_matrix(const Colour& colour) {
  const bool bt601 = colour.matrix == ColourMatrix::bt601 || colour.matrix == ColourMatrix::bt470bg;
  return bt601 && colour.range != ColourRange::full;
}

void from_rgb_by_rows(const Job& job) {
  const auto rgb = job.source(0);
  const RgbOrder order = rgb_order(job.in.format);
  const RgbWeights weights = rgb_weights(job.colour);
  const auto width = static_cast<size_t>(job.width);
  for (int row = 0; row < job.height; row += 2) {
    const int below = std::min(row + 1, job.height - 1);
    const uint8_t* const upper = rgb.data + ptrdiff_t{row} * rgb.stride;
    const uint8_t* const lower = rgb.data + ptrdiff_t{below} * rgb.stride;
    rgb_to_luma(upper, width, order, weights, job.y.data + ptrdiff_t{row} * job.y.stride);
    if (below != row) {
      rgb_to_luma(lower, width, order, weights, job.y.data + ptrdiff_t{below} * job.y.stride);
    }
    rgb_to_chroma({upper, lower}, width, order, weights,
                  job.uv.data + ptrdiff_t{row / 2} * job.uv.stride);
  }
}

void from_rgb(const Job& job) {
  if (!is_libyuv_matrix(job.colour)) return from_rgb_by_rows(job);
  const auto rgb = job.source(0);
  // libyuv names formats by the word in a register: its ABGR has the bytes R, G, B, A.
  const auto convert = job.in.format == PixelFormat::rgba ? libyuv::ABGRToNV12 : libyuv::ARGBToNV12;
  convert(rgb.data, rgb.stride, job.y.data, job.y.stride, job.uv.data, job.uv.stride, job.width,
          job.height);
}

/// Repeats the last column and row of luma where the output is larger. Chroma is whole already: a
/// pair at an odd edge stands for the column or row that is repeated.
void repeat_luma_edges(const VideoFormat& in, const VideoFormat& out, Plane<uint8_t> y) {
  if (out.width > in.width) {
    for (uint32_t row = 0; row < in.height; ++row) {
      uint8_t* const edge = y.data + ptrdiff_t{row} * y.stride + in.width;
      std::memset(edge, edge[-1], out.width - in.width);
    }
  }
  for (uint32_t row = in.height; row < out.height; ++row) {
    uint8_t* const target = y.data + ptrdiff_t{row} * y.stride;
    std::memcpy(target, target - y.stride, out.width);
  }
}

}  // namespace

bool can_convert(PixelFormat from, PixelFormat to) {
  switch (from) {
    case PixelFormat::i420:
    case PixelFormat::nv12:
    case PixelFormat::yuyv:
    case PixelFormat::p010:
    case PixelFormat::bgrx:
    case PixelFormat::rgba:
      return to == PixelFormat::nv12;
    default:
      return false;
  }
}

void convert_to_nv12(const VideoFormat& in, const ReadPlanes& from, const VideoFormat& out,
                     const WritePlanes& to) {
  const Job job{in,
                from,
                plane(to[0]),
                plane(to[1]),
                out.colour,
                static_cast<int>(in.width),
                static_cast<int>(in.height)};
  switch (in.format) {
    case PixelFormat::i420:
      from_i420(job);
      break;
    case PixelFormat::nv12:
      from_nv12(job);
      break;
    case PixelFormat::yuyv:
      from_yuyv(job);
      break;
    case PixelFormat::p010:
      from_p010(job);
      break;
    case PixelFormat::bgrx:
    case PixelFormat::rgba:
      from_rgb(job);
      break;
    default:
      MILLRACE_CHECK(can_convert(in.format, PixelFormat::nv12));
  }
  repeat_luma_edges(in, out, job.y);
}

}  // namespace millrace::yuv
