// SPDX-License-Identifier: MIT
// Any numbers as sizes, padding and alignments: a layout that holds the picture, its padding and
// every alignment in no more bytes than that takes, or an error; and any numbers as a layout that
// somebody else made.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "engine/format/matrix.h"
#include "engine/format/video_alignment.h"
#include "engine/format/whole_layout.h"
#include "tests/fuzz/bytes.h"

using namespace millrace;
using fuzz::Bytes;

namespace {

__extension__ using SignedWide = __int128;
__extension__ using Wide = unsigned __int128;  // holds every sum and product of what is checked

void require(bool promise) {
  if (!promise) std::abort();
}

uint32_t number32(Bytes& bytes) {
  return static_cast<uint32_t>(bytes.number());
}

/// Powers of two more often than not.
uint64_t alignment(Bytes& bytes) {
  const uint64_t number = bytes.number();
  return (number & 1) != 0 ? number : std::bit_floor(number);
}

VideoInfo info_of(Bytes& bytes) {
  VideoInfo info;
  info.video.format = static_cast<PixelFormat>(bytes.next() % pixel_format_count);
  info.interlace = static_cast<InterlaceMode>(bytes.next() % 3);
  info.video.width = number32(bytes);
  info.video.height = number32(bytes);
  return info;
}

VideoAlignment wanted_of(Bytes& bytes) {
  VideoAlignment wanted;
  const uint8_t parts = bytes.next();
  if ((parts & 1) != 0) wanted.top = number32(bytes);
  if ((parts & 2) != 0) wanted.bottom = number32(bytes);
  if ((parts & 4) != 0) wanted.left = number32(bytes);
  if ((parts & 8) != 0) wanted.right = number32(bytes);
  for (uint64_t& align : wanted.stride_align) align = (parts & 16) != 0 ? alignment(bytes) : 0;
  for (uint64_t& align : wanted.plane_align) align = (parts & 32) != 0 ? alignment(bytes) : 0;
  wanted.strides_derived = (parts & 64) != 0;
  return wanted;
}

/// Planes behind each other, within the size.
void check_places(const VideoInfo& info) {
  const Layout& layout = info.layout;
  require(check_layout(layout, info.video.width, info.rows(), layout.size).has_value());
  Wide end = 0;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const Result<ByteRange> range = whole_plane(layout, index);
    require(range && range->start >= end);
    end = Wide{range->start} + range->bytes;
  }
  require(end <= layout.size);
}

void check_alignments(const VideoInfo& info, const VideoAlignment& wanted) {
  const Layout& layout = info.layout;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneLayout& plane = layout.plane[index];
    const PlaneFacts& group = facts(layout.format).planes[index];
    const uint64_t align = std::max<uint64_t>(wanted.stride_align[index], 4);
    require(plane.stride % align == 0);
    require(plane.offset % std::max<uint64_t>(wanted.plane_align[index], 1) == 0);
    const uint64_t pixels = uint64_t{layout.left} + info.video.width + wanted.right;
    const uint64_t row = (pixels + group.group_width - 1) / group.group_width * group.group_bytes;
    require(plane.stride >= row);
    require(wanted.strides_derived || plane.stride - row < align);
    require(layout.left % group.group_width == 0 && layout.top % group.group_height == 0);
  }
}

/// What must not be refused: a picture of the right size that is not moved, and small alignments.
bool is_modest(const VideoInfo& info, const VideoAlignment& wanted) {
  const auto fits = [](uint64_t side) { return side >= 1 && side <= 65535; };
  const auto small = [](uint64_t align) { return align <= 65536 && (align & (align - 1)) == 0; };
  return info.video.width != 0 && info.video.height != 0 && wanted.left == 0 && wanted.top == 0 &&
         fits(uint64_t{info.video.width} + wanted.right) &&
         fits(uint64_t{info.video.height} + wanted.bottom) &&
         std::ranges::all_of(wanted.stride_align, small) &&
         std::ranges::all_of(wanted.plane_align, small);
}

void check_align(const VideoInfo& info, const VideoAlignment& wanted) {
  const Result<AlignedVideo> aligned = align(info, wanted);
  if (!aligned) {
    require(aligned.error().kind == ErrorKind::usage && !is_modest(info, wanted));
    return;
  }
  check_places(aligned->info);
  require(check_whole_layout(aligned->info.layout, info.video.width, info.rows(),
                             aligned->info.layout.size)
              .has_value());
  check_alignments(aligned->info, wanted);
  require(check_alignment(aligned->info, wanted).has_value());
  require(aligned->alignment.left >= wanted.left && aligned->alignment.right >= wanted.right &&
          aligned->alignment.top >= wanted.top);
  const Result<AlignedVideo> again = align(aligned->info, aligned->alignment);
  require(again && again->info == aligned->info && again->alignment == aligned->alignment);
}

void check_plain(const VideoInfo& info) {
  const VideoFormat& video = info.video;
  const Result<Layout> tight = tight_layout(video.format, video.width, video.height);
  const Result<VideoInfo> plain = VideoInfo::create(video, info.interlace);
  require(tight.has_value() == plain.has_value());
  if (!tight) return;
  require(tight->size == payload_bytes(video.format, video.width, video.height));
  require(check_layout(*tight, video.width, video.height, tight->size).has_value());
  check_places(*plain);
  require(check_whole_layout(*tight, video.width, video.height, tight->size).has_value());
  require(check_whole_layout(plain->layout, video.width, plain->rows(), plain->layout.size)
              .has_value());
}

/// All of every plane, where the layout was found to be whole.
void check_whole(const Layout& layout, const VideoFormat& video, uint64_t size) {
  if (!check_whole_layout(layout, video.width, video.height, size)) return;
  require(check_layout(layout, video.width, video.height, size).has_value());
  require(layout.size <= size);
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const ByteRange range = whole_plane(layout, index).value();
    require(Wide{range.start} + range.bytes <= layout.size);
  }
}

/// What a driver might say.
void check_foreign(Bytes& bytes, VideoInfo info, const VideoAlignment& wanted) {
  Layout& layout = info.layout;
  layout.format = info.video.format;
  layout.left = static_cast<uint16_t>(bytes.number());
  layout.top = static_cast<uint16_t>(bytes.number());
  for (PlaneLayout& plane : layout.plane) {
    plane = {bytes.number(), number32(bytes), number32(bytes)};
  }
  const uint64_t size = bytes.number();
  layout.coded_width = number32(bytes);
  layout.coded_height = number32(bytes);
  layout.size = bytes.number();
  static_cast<void>(check_alignment(info, wanted));
  check_whole(layout, info.video, size);
  if (!check_layout(layout, info.video.width, info.video.height, size)) return;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneExtent extent =
        visible_extent(layout.format, index, info.video.width, info.video.height);
    const PlaneLayout& plane = layout.plane[index];
    const Wide visible =
        extent.rows == 0 ? 0 : Wide{extent.rows - 1} * plane.stride + extent.row_bytes;
    require(Wide{plane.offset} + visible <= size);
    require(visible_bytes(extent, plane.stride) == static_cast<uint64_t>(visible));
  }
}

/// What a side of the rectangle and one of the bounds have in common, in arithmetic that cannot
/// wrap.
struct Side {
  SignedWide start;
  SignedWide end;
};

Side common(int64_t start, int64_t length, uint32_t from, uint32_t pixels) {
  const SignedWide last = std::min(SignedWide{from} + pixels, SignedWide{1} << 32);
  return {std::max<SignedWide>(start, from), std::min(SignedWide{start} + length, last)};
}

void check_clip(Bytes& bytes) {
  const auto number = [&] { return static_cast<int64_t>(bytes.number()); };
  const FreeRect rect{number(), number(), number(), number()};
  const Rect bounds{number32(bytes), number32(bytes), number32(bytes), number32(bytes)};
  const ClippedRect result = clip(rect, bounds);
  const Side across = common(rect.x, rect.width, bounds.x, bounds.width);
  const Side down = common(rect.y, rect.height, bounds.y, bounds.height);
  if (across.end <= across.start || down.end <= down.start) {
    require(result.clipping == Clipping::outside && result.rect == Rect{});
    return;
  }
  require(result.rect.x == across.start && result.rect.y == down.start);
  require(result.rect.width == across.end - across.start);
  require(result.rect.height == down.end - down.start);
  const bool is_whole = result.rect.x == rect.x && result.rect.y == rect.y &&
                        result.rect.width == rect.width && result.rect.height == rect.height;
  require(result.clipping == (is_whole ? Clipping::inside : Clipping::clipped));
}

/// Wherever it is moved to, an empty rectangle is empty, and no side is longer than can be.
void check_matrix(Bytes& bytes) {
  const auto number = [&] { return static_cast<int64_t>(bytes.number()); };
  const auto factor = [&] { return static_cast<double>(number()) / 256; };
  const Matrix3 matrix{{{{factor(), 0, factor()}, {0, factor(), factor()}, {0, 0, 1}}}};
  const FreeRect rect{number(), number(), number(), number()};
  const std::optional<FreeRect> moved = matrix(rect);
  if (!moved) return;
  require(moved->width >= 0 && moved->height >= 0);
  require(rect.width > 0 || moved->width == 0);
  require(rect.height > 0 || moved->height == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  const VideoInfo info = info_of(bytes);
  const VideoAlignment wanted = wanted_of(bytes);
  check_plain(info);
  check_align(info, wanted);
  check_foreign(bytes, info, wanted);
  check_clip(bytes);
  check_matrix(bytes);
  return 0;
}
