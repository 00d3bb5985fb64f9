// SPDX-License-Identifier: MIT
#include "engine/memory/frame_view.h"

#include <algorithm>

namespace millrace {
namespace {

template <class Byte>
Result<std::array<PlaneSpan<Byte>, max_planes>> map_planes(std::span<Byte> bytes,
                                                           const VideoMeta& video) {
  MILLRACE_TRY(check_layout(video.layout, video.width, video.height, bytes.size()));
  if (std::any_of(video.memory.begin(), video.memory.begin() + video.layout.plane_count(),
                  [](size_t memory) { return memory != 0; })) {
    return fail(ErrorKind::usage,
                "find the planes of one run of bytes: they lie in several memories",
                "Map the buffer with a FrameView.");
  }
  std::array<PlaneSpan<Byte>, max_planes> planes{};
  for (size_t index = 0; index < video.layout.plane_count(); ++index) {
    const PlaneExtent extent =
        visible_extent(video.layout.format, index, video.width, video.height);
    const PlaneLayout& plane = video.layout.plane[index];
    planes[index] = {bytes.data() + plane.offset, plane.stride, extent.row_bytes, extent.rows};
  }
  return planes;
}

}  // namespace

Result<ReadPlanes> planes_of(std::span<const std::byte> bytes, const VideoMeta& video) {
  return map_planes(bytes, video);
}

Result<WritePlanes> planes_of(std::span<std::byte> bytes, const VideoMeta& video) {
  return map_planes(bytes, video);
}

template <class View>
auto FrameView<View>::create_slowly(Buffer& buffer, const Access& how) -> Result<FrameView> {
  const VideoMeta* const video = buffer.video();
  if (!video) return fail(ErrorKind::internal, "map a frame: the buffer carries no VideoMeta");
  if (!reads && !buffer.is_writable()) {
    return fail(ErrorKind::denied, "map a frame for writing: another holder may be reading it",
                "Call make_writable() first.");
  }
  // The memories may be others than when the meta was attached.
  MILLRACE_TRY(VideoMeta::check(*video, buffer));
  MILLRACE_TRY(buffer.wait_until_ready(how));
  const auto open = [&](size_t index) {
    const MemorySlice& slice = buffer.memories()[index];
    return View::open(*slice.memory, slice.offset, slice.size, how);
  };
  auto more = std::make_unique<More>();
  more->video = *video;
  View first = MILLRACE_TRY(open(video->memory[0]));
  for (size_t plane = 1; plane < video->layout.plane_count(); ++plane) {
    const auto* const same =
        std::find(video->memory.begin(), video->memory.begin() + plane, video->memory[plane]);
    const auto sharer = static_cast<size_t>(same - video->memory.begin());
    if (sharer != plane) {
      more->view_of[plane] = more->view_of[sharer];
      continue;
    }
    more->views[plane].emplace(MILLRACE_TRY(open(video->memory[plane])));
    more->view_of[plane] = static_cast<uint8_t>(plane);
  }
  return FrameView(std::move(first), std::move(more));
}

template Result<FrameReadView> FrameView<ReadView>::create_slowly(const millrace::Buffer&,
                                                                  const Access&);
template Result<FrameWriteView> FrameView<WriteView>::create_slowly(millrace::Buffer&,
                                                                    const Access&);

}  // namespace millrace
