// SPDX-License-Identifier: MIT
#include "engine/format/layout.h"

#include <fmt/format.h>

#include "engine/base/checked.h"

namespace millrace {
namespace {

constexpr uint32_t largest_side = 65535;

uint64_t divide_up(uint64_t value, uint64_t by) {
  return (value + by - 1) / by;
}

}  // namespace

PlaneExtent visible_extent(PixelFormat format, size_t index, uint32_t width, uint32_t height) {
  const PlaneFacts& plane = facts(format).planes.at(index);
  return {divide_up(width, plane.horizontal_subsampling) * plane.bytes_per_sample,
          divide_up(height, plane.vertical_subsampling)};
}

uint64_t payload_bytes(PixelFormat format, uint32_t width, uint32_t height) {
  uint64_t total = 0;
  for (size_t index = 0; index < facts(format).plane_count; ++index) {
    const PlaneExtent extent = visible_extent(format, index, width, height);
    total += extent.row_bytes * extent.rows;
  }
  return total;
}

Result<Layout> tight_layout(PixelFormat format, uint32_t width, uint32_t height) {
  if (width == 0 || height == 0 || width > largest_side || height > largest_side) {
    return fail(ErrorKind::usage, fmt::format("lay out {} {}x{}: each side must be 1 to {} pixels",
                                              to_string(format), width, height, largest_side));
  }
  Layout layout{.format = format, .coded_width = width, .coded_height = height};
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneExtent extent = visible_extent(format, index, width, height);
    layout.plane[index] = {layout.size, extent.row_bytes, extent.rows};
    layout.size += extent.row_bytes * extent.rows;
  }
  return layout;
}

Result<> check_layout(const Layout& layout, uint32_t width, uint32_t height, uint64_t size) {
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneExtent extent = visible_extent(layout.format, index, width, height);
    const PlaneLayout& plane = layout.plane[index];
    const auto before_last = checked_mul<uint64_t>(plane.stride, extent.rows ? extent.rows - 1 : 0);
    const auto last =
        before_last ? checked_add<uint64_t>(*before_last, extent.row_bytes) : before_last;
    const auto end = last ? checked_add<uint64_t>(*last, plane.offset) : last;
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
