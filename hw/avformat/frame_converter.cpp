// SPDX-License-Identifier: MIT
#include "hw/avformat/frame_converter.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "engine/stages/paint.h"
#include "hw/avformat/colour_codes.h"
#include "hw/avformat/pixel_formats.h"

namespace millrace::avformat {
namespace {

/// Where one of the target's planes begins within the box.
uint8_t* origin(const PlaneSpan<std::byte>& plane, const PlaneFacts& facts, const Rect& box) {
  const size_t x = box.x / facts.group_width * facts.group_bytes;
  const size_t y = box.y / facts.group_height;
  return reinterpret_cast<uint8_t*>(plane.data + y * plane.stride + x);
}

/// Repeats luma's last column and row up to the frame's even size; chroma covers it already.
void repeat_edges(const PlaneSpan<std::byte>& luma, PictureSize picture) {
  for (size_t row = 0; row < picture.height && luma.row_bytes > picture.width; ++row) {
    const std::span<std::byte> bytes = luma.row(row);
    std::ranges::fill(bytes.subspan(picture.width), bytes[picture.width - 1]);
  }
  for (size_t row = picture.height; row < luma.rows; ++row) {
    std::memcpy(luma.row(row).data(), luma.row(row - 1).data(), luma.row_bytes);
  }
}

bool is_rgb(int format) {
  const AVPixFmtDescriptor* const shape = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
  return shape != nullptr && (shape->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

/// The code points of H.273 are those of libswscale's tables, but for the ones that it lacks.
const int* coefficients(int matrix) {
  const bool known = matrix != AVCOL_SPC_RGB && matrix != AVCOL_SPC_UNSPECIFIED;
  return sws_getCoefficients(known ? matrix : SWS_CS_DEFAULT);
}

bool is_full_range(const AVFrame& frame) {
  return frame.color_range == AVCOL_RANGE_JPEG || frame.format == AV_PIX_FMT_YUVJ420P ||
         frame.format == AV_PIX_FMT_YUVJ422P || frame.format == AV_PIX_FMT_YUVJ444P ||
         is_rgb(frame.format);
}

}  // namespace

int FrameConverter::set_colours(const AVFrame& from) {
  const AvColour target = to_av(target_.video.colour);
  const int* const into = coefficients(target.matrix);
  // YUV keeps the numbers of its matrix: both sides name the same one.
  const int* const out_of = is_rgb(from.format) ? into : coefficients(from.colorspace);
  constexpr int unchanged = 1 << 16;
  return sws_setColorspaceDetails(scaler_.get(), out_of, is_full_range(from) ? 1 : 0, into,
                                  target.range == AVCOL_RANGE_JPEG ? 1 : 0, 0, unchanged,
                                  unchanged);
}

Result<> FrameConverter::prepare(const AVFrame& from) {
  const Shape shape{from.format,
                    {static_cast<uint32_t>(from.width), static_cast<uint32_t>(from.height)},
                    from.colorspace,
                    is_full_range(from)};
  if (scaler_ && shape == shape_) return {};
  box_ = letterbox(shape.size, target_.picture);
  scaler_.reset(sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format),
                               static_cast<int>(box_.width), static_cast<int>(box_.height),
                               to_av(target_.video.format), SWS_BICUBIC | SWS_ACCURATE_RND, nullptr,
                               nullptr, nullptr));
  if (!scaler_) {
    return fail(ErrorKind::source_lost,
                fmt::format("convert {} {}x{} to {}: libswscale cannot",
                            av_name(static_cast<AVPixelFormat>(from.format)), from.width,
                            from.height, to_string(target_.video.format)),
                "Convert the clip to 8-bit 4:2:0 with another program first.");
  }
  shape_ = shape;
  // Fails only where neither side has a matrix, and then there is nothing to set.
  static_cast<void>(set_colours(from));
  return {};
}

Result<> FrameConverter::convert(const AVFrame& from, const WritePlanes& to) {
  MILLRACE_TRY(prepare(from));
  const PixelFormatFacts& shape = facts(target_.video.format);
  paint_bars_around(box_, target_.video, to);
  std::array<uint8_t*, max_planes> data{};
  std::array<int, max_planes> strides{};
  for (size_t index = 0; index < shape.plane_count; ++index) {
    data[index] = origin(to[index], shape.planes[index], box_);
    strides[index] = static_cast<int>(to[index].stride);
  }
  sws_scale(scaler_.get(), from.data, from.linesize, 0, from.height, data.data(), strides.data());
  repeat_edges(to[0], target_.picture);
  return {};
}

}  // namespace millrace::avformat
