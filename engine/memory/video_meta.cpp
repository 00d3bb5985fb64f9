// SPDX-License-Identifier: MIT
#include "engine/memory/video_meta.h"

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/memory/buffer.h"

namespace millrace {
namespace {

Failure does_not_fit(const VideoMeta& meta, size_t index, const std::string& why) {
  return fail(ErrorKind::usage,
              fmt::format("attach a {} picture of {}x{}: plane {} at offset {} with stride {} {}",
                          to_string(meta.layout.format), meta.width, meta.height, index,
                          meta.layout.plane[index].offset, meta.layout.plane[index].stride, why),
              "Give the layout that the bytes really have.");
}

/// What the buffer shows of the plane's memory; nothing where there is no such memory.
std::optional<uint64_t> bytes_for(const VideoMeta& meta, size_t index, const Buffer& buffer) {
  if (meta.memory[index] >= buffer.memory_count()) return std::nullopt;
  return buffer.memories()[meta.memory[index]].size;
}

Result<> check_plane(const VideoMeta& meta, size_t index, const Buffer& buffer) {
  const auto bytes = bytes_for(meta, index, buffer);
  if (!bytes) {
    return does_not_fit(
        meta, index,
        fmt::format("is in memory {} of {}", meta.memory[index], buffer.memory_count()));
  }
  const PlaneExtent visible = visible_extent(meta.layout.format, index, meta.width, meta.height);
  const VideoPlane plane = meta.plane(index);
  if (plane.stride < visible.row_bytes) {
    return does_not_fit(meta, index, fmt::format("has rows of {} bytes", visible.row_bytes));
  }
  const auto end = checked_add(plane.offset, plane.extent);
  if (!end || *end > *bytes) {
    return does_not_fit(
        meta, index, fmt::format("takes {} bytes, and its memory shows {}", plane.extent, *bytes));
  }
  return {};
}

}  // namespace

VideoPlane VideoMeta::plane(size_t index) const {
  const PlaneLayout& at = layout.plane.at(index);
  const PlaneExtent visible = visible_extent(layout.format, index, width, height);
  // 32-bit strides times 32-bit rows, plus a row: no more than 64 bits.
  const uint64_t extent = visible.rows ? (visible.rows - 1) * at.stride + visible.row_bytes : 0;
  return {memory.at(index), at.offset, at.stride, extent};
}

Result<> VideoMeta::check(const VideoMeta& meta, const Buffer& buffer) {
  for (size_t index = 0; index < meta.layout.plane_count(); ++index) {
    MILLRACE_TRY(check_plane(meta, index, buffer));
  }
  return {};
}

std::optional<VideoMeta> VideoMeta::transform(const VideoMeta& meta, const MetaTransform& how) {
  const auto* const copy = std::get_if<CopyTransform>(&how);
  if (!copy || copy->region) return std::nullopt;
  return meta;
}

}  // namespace millrace
