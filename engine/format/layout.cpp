// SPDX-License-Identifier: MIT
#include "engine/format/layout.h"

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/format/plane_placing.h"

namespace millrace {

uint64_t payload_bytes(PixelFormat format, uint32_t width, uint32_t height) {
  std::optional<uint64_t> total = 0;
  for (size_t index = 0; index < facts(format).plane_count && total; ++index) {
    const PlaneExtent extent = visible_extent(format, index, width, height);
    const auto plane = checked_mul(extent.row_bytes, extent.rows);
    total = plane ? checked_add(*total, *plane) : plane;
  }
  return total.value_or(UINT64_MAX);
}

std::optional<uint64_t> visible_bytes(const PlaneExtent& visible, uint32_t stride) {
  if (visible.rows == 0) return 0;
  const auto before_last = checked_mul<uint64_t>(visible.rows - 1, stride);
  return before_last ? checked_add(*before_last, visible.row_bytes) : before_last;
}

uint64_t stride_like_first(PixelFormat format, size_t index, uint32_t first_stride) {
  const PlaneFacts& first = facts(format).planes[0];
  const PlaneFacts& plane = facts(format).planes.at(index);
  return uint64_t{first_stride} * plane.group_bytes * first.group_width /
         (uint64_t{first.group_bytes} * plane.group_width);
}

Result<ByteRange> whole_plane(const Layout& layout, size_t index) {
  const PlaneLayout& plane = layout.plane.at(index);
  const uint64_t before =
      padding_before(facts(layout.format).planes.at(index), plane.stride, layout.left, layout.top);
  if (before <= plane.offset && checked_add(plane.offset - before, plane.bytes())) {
    return ByteRange{plane.offset - before, plane.bytes()};
  }
  return fail(
      ErrorKind::internal,
      fmt::format("find plane {} of a {} layout: at offset {} with {} rows of {} bytes "
                  "there is no room for {} bytes of padding before it",
                  index, to_string(layout.format), plane.offset, plane.rows, plane.stride, before));
}

Result<Layout> tight_layout(PixelFormat format, uint32_t width, uint32_t height) {
  MILLRACE_TRY(check_sides(format, width, height));
  return place_planes(format, {.width = width, .height = height});
}

Result<Layout> default_layout(PixelFormat format, uint32_t width, uint32_t height,
                              InterlaceMode interlace) {
  MILLRACE_TRY(check_sides(format, width, height));
  return place_planes(format, {.width = width,
                               .height = picture_rows(height, interlace),
                               .stride_step = default_stride_step,
                               .whole_groups = true,
                               .chroma_pairs = interlace != InterlaceMode::progressive});
}

Result<> check_layout(const Layout& layout, uint32_t width, uint32_t height, uint64_t size) {
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneExtent extent = visible_extent(layout.format, index, width, height);
    const PlaneLayout& plane = layout.plane[index];
    const auto bytes = visible_bytes(extent, plane.stride);
    const auto end = bytes ? checked_add(*bytes, plane.offset) : bytes;
    if (!end || *end > size || plane.stride < extent.row_bytes) {
      return fail(
          ErrorKind::internal,
          fmt::format("check layout {} {}x{}: plane {} at offset {} with stride {} does not "
                      "fit into {} bytes",
                      to_string(layout.format), width, height, index, plane.offset, plane.stride,
                      size));
    }
  }
  return {};
}

}  // namespace millrace
