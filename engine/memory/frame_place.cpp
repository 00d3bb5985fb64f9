// SPDX-License-Identifier: MIT
#include "engine/memory/frame_place.h"

#include <algorithm>

namespace millrace {

Result<FramePlace> place_of_frame(const Buffer& buffer) {
  const VideoMeta* const video = buffer.video();
  if (!video) {
    return fail(ErrorKind::unavailable, "find a frame in its memory: it carries no VideoMeta",
                "Attach one with Buffer::add.");
  }
  const auto* const first = video->memory.begin();
  const size_t index = *first;
  const auto* const last = first + video->layout.plane_count();
  if (index >= buffer.memory_count() ||
      std::any_of(first, last, [index](size_t memory) { return memory != index; })) {
    return fail(ErrorKind::unavailable,
                "find a frame in its memory: its planes lie in several memories",
                "Ask the source for one memory a frame.");
  }
  const MemorySlice& slice = buffer.memories()[index];
  return FramePlace{*slice.memory, slice.offset};
}

FramePlace place_of_plane(const Buffer& buffer, size_t plane) {
  const VideoMeta& video = *buffer.video();
  const MemorySlice& slice = buffer.memories()[video.memory[plane]];
  return {*slice.memory, slice.offset + video.layout.plane[plane].offset};
}

}  // namespace millrace
