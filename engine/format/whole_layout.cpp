// SPDX-License-Identifier: MIT
#include "engine/format/whole_layout.h"

#include <fmt/format.h>

namespace millrace {
namespace {

Failure refuse(const Layout& layout, uint32_t width, uint32_t height, const std::string& why) {
  return fail(ErrorKind::usage,
              fmt::format("use a {} layout for a picture of {}x{}: {}", to_string(layout.format),
                          width, height, why),
              "Give the layout that the bytes really have.");
}

Failure refuse_plane(const Layout& layout, size_t index, uint32_t width, uint32_t height,
                     const std::string& why) {
  const PlaneLayout& plane = layout.plane[index];
  return refuse(layout, width, height,
                fmt::format("plane {} at offset {} with {} rows of {} bytes {}", index,
                            plane.offset, plane.rows, plane.stride, why));
}

}  // namespace

Result<uint64_t> end_of_plane(const Layout& layout, size_t index, uint32_t width, uint32_t height) {
  const PlaneLayout& plane = layout.plane.at(index);
  const PlaneExtent visible = visible_extent(layout.format, index, width, height);
  if (plane.stride < visible.row_bytes || plane.rows < visible.rows) {
    return refuse_plane(layout, index, width, height,
                        fmt::format("shows {} rows of {} bytes", visible.rows, visible.row_bytes));
  }
  const Result<ByteRange> whole = whole_plane(layout, index);
  if (!whole) {
    return refuse_plane(layout, index, width, height,
                        fmt::format("has padding of {} pixels on the left and {} rows above",
                                    layout.left, layout.top));
  }
  return whole->start + whole->bytes;
}

Result<> check_totals(const Layout& layout, uint32_t width, uint32_t height) {
  if (layout.coded_width < uint64_t{layout.left} + width ||
      layout.coded_height < uint64_t{layout.top} + height) {
    return refuse(layout, width, height,
                  fmt::format("its coded size is {}x{}, behind {} pixels on the left and {} rows "
                              "above",
                              layout.coded_width, layout.coded_height, layout.left, layout.top));
  }
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const uint64_t end = MILLRACE_TRY(end_of_plane(layout, index, width, height));
    if (end <= layout.size) continue;
    return refuse_plane(layout, index, width, height,
                        fmt::format("ends at {}, and all of it at {}", end, layout.size));
  }
  return {};
}

Result<> check_whole_layout(const Layout& layout, uint32_t width, uint32_t height, uint64_t bytes) {
  MILLRACE_TRY(check_totals(layout, width, height));
  if (layout.size <= bytes) return {};
  return refuse(layout, width, height, fmt::format("it takes {} bytes of {}", layout.size, bytes));
}

}  // namespace millrace
