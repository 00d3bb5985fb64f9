// SPDX-License-Identifier: MIT
// Whether a layout that somebody else made has the room and the alignments that are wanted.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/format/video_alignment.h"

namespace millrace {
namespace {

struct Check {
  const VideoInfo& info;
  const VideoAlignment& wanted;

  [[nodiscard]] const Layout& layout() const { return info.layout; }

  [[nodiscard]] Failure refuse(const std::string& why) const {
    return fail(ErrorKind::unavailable,
                fmt::format("use a {} {}x{} layout with padding: {}", to_string(layout().format),
                            info.video.width, info.video.height, why),
                "let align() lay the frames out, or ask for less");
  }

  [[nodiscard]] Result<> padding_before() const {
    const uint32_t top = picture_rows(wanted.top, info.interlace);
    if (layout().left >= wanted.left && layout().top >= top) return {};
    return refuse(fmt::format("{} pixels on the left and {} rows above, {} and {} are wanted",
                              layout().left, layout().top, wanted.left, top));
  }

  [[nodiscard]] Result<> room(size_t index) const {
    const PlaneLayout& plane = layout().plane[index];
    const PlaneFacts& facts_of_plane = facts(layout().format).planes[index];
    const uint64_t pixels =
        uint64_t{plane.stride} / facts_of_plane.group_bytes * facts_of_plane.group_width;
    const uint64_t rows = uint64_t{plane.rows} * facts_of_plane.group_height;
    const uint64_t width = uint64_t{layout().left} + info.video.width + wanted.right;
    const uint64_t height = uint64_t{layout().top} +
                            (uint64_t{info.video.height} + wanted.bottom + fields() - 1) / fields();
    if (pixels >= width && rows >= height) return {};
    return refuse(fmt::format("plane {} has room for {}x{} pixels, {}x{} are wanted", index, pixels,
                              rows, width, height));
  }

  [[nodiscard]] Result<> alignment(size_t index) const {
    const PlaneLayout& plane = layout().plane[index];
    const uint64_t stride = std::max<uint64_t>(wanted.stride_align[index], 1);
    const uint64_t start = std::max<uint64_t>(wanted.plane_align[index], 1);
    if (plane.stride % stride == 0 && plane.offset % start == 0) return {};
    return refuse(
        fmt::format("plane {} is at offset {} with stride {}, multiples of {} and {} are "
                    "wanted",
                    index, plane.offset, plane.stride, start, stride));
  }

  [[nodiscard]] Result<> derived(size_t index) const {
    const uint64_t stride = stride_like_first(layout().format, index, layout().plane[0].stride);
    if (!wanted.strides_derived || layout().plane[index].stride == stride) return {};
    return refuse(fmt::format("the stride of plane {} is {}, {} follows from that of plane 0",
                              index, layout().plane[index].stride, stride));
  }

  [[nodiscard]] uint32_t fields() const {
    return info.interlace == InterlaceMode::alternate ? 2 : 1;
  }

  [[nodiscard]] Result<> apart() const {
    std::array<ByteRange, max_planes> ranges{};
    for (size_t index = 0; index < layout().plane_count(); ++index) {
      ranges[index] = MILLRACE_TRY(whole_plane(layout(), index));
      for (size_t other = 0; other < index; ++other) {
        const bool behind = ranges[index].start >= ranges[other].start + ranges[other].bytes;
        const bool before = ranges[other].start >= ranges[index].start + ranges[index].bytes;
        if (behind || before) continue;
        return refuse(fmt::format("planes {} and {} share bytes", other, index));
      }
    }
    return {};
  }
};

}  // namespace

Result<> check_alignment(const VideoInfo& info, const VideoAlignment& wanted) {
  const Check check{info, wanted};
  MILLRACE_TRY(check.padding_before());
  for (size_t index = 0; index < info.layout.plane_count(); ++index) {
    MILLRACE_TRY(check.room(index));
    MILLRACE_TRY(check.alignment(index));
    MILLRACE_TRY(check.derived(index));
  }
  return check.apart();
}

}  // namespace millrace
