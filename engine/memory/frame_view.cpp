// SPDX-License-Identifier: MIT
#include "engine/memory/frame_view.h"

#include <algorithm>

namespace millrace {
namespace {

template <class Byte>
Result<std::array<PlaneSpan<Byte>, max_planes>> map_planes(std::span<Byte> bytes,
                                                           const VideoMeta& video) {
  MILLRACE_TRY(check_layout(video.layout, video.width, video.height, bytes.size()));
  std::array<PlaneSpan<Byte>, max_planes> planes{};
  for (size_t index = 0; index < video.layout.plane_count(); ++index) {
    const PlaneExtent extent =
        visible_extent(video.layout.format, index, video.width, video.height);
    const PlaneLayout& plane = video.layout.plane[index];
    planes[index] = {bytes.data() + plane.offset, plane.stride, extent.row_bytes, extent.rows};
  }
  return planes;
}

/// The number of the last memory in which a plane lies.
size_t last_memory(const VideoMeta& video) {
  return *std::max_element(video.memory.begin(), video.memory.begin() + video.layout.plane_count());
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
  FrameView frame(MILLRACE_TRY(open(0)), *video);
  const size_t last = last_memory(*video);
  if (last != 0) {
    frame.others_.reset(new Others);
    frame.view_.end_slowly();
  }
  for (size_t index = 1; index <= last; ++index) {
    frame.others_->views.push_back(MILLRACE_TRY(open(index)));
  }
  return frame;
}

template Result<FrameReadView> FrameView<ReadView>::create_slowly(const millrace::Buffer&,
                                                                  const Access&);
template Result<FrameWriteView> FrameView<WriteView>::create_slowly(millrace::Buffer&,
                                                                    const Access&);

}  // namespace millrace
