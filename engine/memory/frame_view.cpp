// SPDX-License-Identifier: MIT
#include "engine/memory/frame_view.h"

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

Result<VideoMeta> meta_of(const Buffer& buffer) {
  if (buffer.video) return *buffer.video;
  return fail(ErrorKind::internal, "map a frame: the buffer carries no VideoMeta");
}

}  // namespace

Result<ReadPlanes> planes_of(std::span<const std::byte> bytes, const VideoMeta& video) {
  return map_planes(bytes, video);
}

Result<WritePlanes> planes_of(std::span<std::byte> bytes, const VideoMeta& video) {
  return map_planes(bytes, video);
}

Result<FrameReadView> FrameReadView::create(const Buffer& buffer) {
  const VideoMeta video = MILLRACE_TRY(meta_of(buffer));
  ReadView view = MILLRACE_TRY(buffer.memory().read());
  const ReadPlanes planes = MILLRACE_TRY(planes_of(view.bytes(), video));
  return FrameReadView(std::move(view), planes);
}

Result<FrameWriteView> FrameWriteView::create(Buffer& buffer) {
  const VideoMeta video = MILLRACE_TRY(meta_of(buffer));
  if (!buffer.is_sole_owner()) {
    return fail(ErrorKind::internal, "map a frame for writing: another holder may be reading it");
  }
  WriteView view = MILLRACE_TRY(buffer.memory().write());
  const WritePlanes planes = MILLRACE_TRY(planes_of(view.bytes(), video));
  return FrameWriteView(std::move(view), planes);
}

}  // namespace millrace
