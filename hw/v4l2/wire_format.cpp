// SPDX-License-Identifier: MIT
#include "hw/v4l2/wire_format.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "hw/v4l2/formats.h"

namespace millrace::v4l2 {
namespace {

bool is_multi_planar(const v4l2_format& wire) {
  return wire.type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE;
}

/// The numbers that count, wherever they stand.
struct Numbers {
  uint32_t width, height, code, field, line_bytes, image_bytes, blocks;
};

Numbers numbers_of(const v4l2_format& wire) {
  if (is_multi_planar(wire)) {
    const v4l2_pix_format_mplane& pix = wire.fmt.pix_mp;
    const v4l2_plane_pix_format& plane = pix.plane_fmt[0];
    return {pix.width,          pix.height,      pix.pixelformat, pix.field,
            plane.bytesperline, plane.sizeimage, pix.num_planes};
  }
  const v4l2_pix_format& pix = wire.fmt.pix;
  return {pix.width, pix.height, pix.pixelformat, pix.field, pix.bytesperline, pix.sizeimage, 1};
}

/// Plane behind plane, without a gap; V4L2 says no more than plane 0's stride of planes in one
/// block. https://docs.kernel.org/userspace-api/media/v4l/pixfmt-v4l2.html
Result<Layout> layout_of(PixelFormat format, const Numbers& numbers) {
  Layout layout = MILLRACE_TRY(tight_layout(format, numbers.width, numbers.height));
  if (numbers.line_bytes == 0) return layout;
  uint64_t offset = 0;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    PlaneLayout& plane = layout.plane[index];
    const uint64_t stride = stride_like_first(format, index, numbers.line_bytes);
    plane.stride = static_cast<uint32_t>(std::min<uint64_t>(stride, UINT32_MAX));
    plane.offset = offset;
    offset += plane.bytes();
  }
  layout.size = offset;
  return layout;
}

}  // namespace

v4l2_format describe_format(const VideoFormat& video, uint32_t code, bool multi_planar) {
  v4l2_format wire{};
  const WireColour colour = wire_colour(video.colour, video.format);
  if (multi_planar) {
    wire.type = V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE;
    v4l2_pix_format_mplane& pix = wire.fmt.pix_mp;
    pix.width = video.width;
    pix.height = video.height;
    pix.pixelformat = code;
    pix.field = V4L2_FIELD_NONE;
    pix.num_planes = 1;
    pix.colorspace = colour.colorspace;
    pix.ycbcr_enc = static_cast<uint8_t>(colour.ycbcr_enc);
    pix.quantization = static_cast<uint8_t>(colour.quantization);
    pix.xfer_func = static_cast<uint8_t>(colour.xfer_func);
    return wire;
  }
  wire.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  v4l2_pix_format& pix = wire.fmt.pix;
  pix.width = video.width;
  pix.height = video.height;
  pix.pixelformat = code;
  pix.field = V4L2_FIELD_NONE;
  pix.colorspace = colour.colorspace;
  pix.priv = V4L2_PIX_FMT_PRIV_MAGIC;  // or the next three are not read
  pix.ycbcr_enc = colour.ycbcr_enc;
  pix.quantization = colour.quantization;
  pix.xfer_func = colour.xfer_func;
  return wire;
}

std::string format_text(const v4l2_format& wire) {
  const Numbers numbers = numbers_of(wire);
  return fmt::format("{} {}x{}, bytesperline {}, sizeimage {}", code_text(numbers.code),
                     numbers.width, numbers.height, numbers.line_bytes, numbers.image_bytes);
}

Result<Grant> read_format(const v4l2_format& wire, const VideoFormat& wished,
                          const std::string& call) {
  const Numbers numbers = numbers_of(wire);
  const std::string answer = fmt::format("{}: {}", call, format_text(wire));
  const auto refuse = [&](const char* why) {
    return fail(ErrorKind::unavailable, fmt::format("{}: {}", answer, why));
  };
  if (format_of(numbers.code) != wished.format) return refuse("another pixel format");
  if (numbers.blocks != 1) return refuse("planes in several blocks of memory");
  if (numbers.field != V4L2_FIELD_NONE && numbers.field != V4L2_FIELD_ANY) {
    return refuse("fields instead of whole pictures");
  }
  const Result<Layout> layout = layout_of(wished.format, numbers);
  if (!layout) return refuse("no size of a picture");
  if (!check_layout(*layout, numbers.width, numbers.height, numbers.image_bytes)) {
    return refuse("no room for the picture");
  }
  Grant grant{.video = wished,
              .code = numbers.code,
              .layout = *layout,
              .image_bytes = numbers.image_bytes,
              .why = queried(answer)};
  grant.video.width = numbers.width;
  grant.video.height = numbers.height;
  return grant;
}

}  // namespace millrace::v4l2
