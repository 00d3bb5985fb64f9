// SPDX-License-Identifier: MIT
#include "engine/memory/video_meta.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/format/whole_layout.h"
#include "engine/memory/buffer.h"

namespace millrace {
namespace {

Failure does_not_fit(const VideoMeta& meta, const std::string& why) {
  return fail(ErrorKind::usage,
              fmt::format("attach a {} picture of {}x{}: {}", to_string(meta.layout.format),
                          meta.width, meta.height, why),
              "Give the layout that the bytes really have.");
}

/// Its plane lies inside of what the buffer shows of the plane's memory.
Result<> check_plane(const VideoMeta& meta, size_t index, const Buffer& buffer) {
  const size_t memory = meta.memory[index];
  if (memory >= buffer.memory_count()) {
    return does_not_fit(
        meta, fmt::format("plane {} is in memory {} of {}", index, memory, buffer.memory_count()));
  }
  const uint64_t end = MILLRACE_TRY(end_of_plane(meta.layout, index, meta.width, meta.height));
  const uint64_t shown = buffer.memories()[memory].size;
  if (end <= shown) return {};
  return does_not_fit(
      meta, fmt::format("plane {} ends at {}, and its memory shows {}", index, end, shown));
}

/// The bytes of a layout may be in several memories.
Result<> check_size(const VideoMeta& meta, const Buffer& buffer) {
  uint64_t left = meta.layout.size;
  for (const MemorySlice& slice : buffer.memories()) left -= std::min<uint64_t>(left, slice.size);
  if (left == 0) return {};
  return does_not_fit(meta, fmt::format("it takes {} bytes, {} more than the memories show",
                                        meta.layout.size, left));
}

}  // namespace

VideoPlane VideoMeta::plane(size_t index) const {
  const PlaneLayout& at = layout.plane.at(index);
  const PlaneExtent visible = visible_extent(layout.format, index, width, height);
  return {memory.at(index), at.offset, at.stride,
          visible_bytes(visible, at.stride).value_or(UINT64_MAX)};
}

Result<> VideoMeta::check(const VideoMeta& meta, const Buffer& buffer) {
  MILLRACE_TRY(check_totals(meta.layout, meta.width, meta.height));
  for (size_t index = 0; index < meta.layout.plane_count(); ++index) {
    MILLRACE_TRY(check_plane(meta, index, buffer));
  }
  return check_size(meta, buffer);
}

std::optional<VideoMeta> VideoMeta::transform(const VideoMeta& meta, const MetaTransform& how) {
  const auto* const copy = std::get_if<CopyTransform>(&how);
  if (!copy || copy->region) return std::nullopt;
  return meta;
}

}  // namespace millrace
