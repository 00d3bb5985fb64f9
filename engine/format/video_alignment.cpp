// SPDX-License-Identifier: MIT
#include "engine/format/video_alignment.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/format/plane_placing.h"

namespace millrace {
namespace {

Failure refuse(const VideoInfo& info, std::string why, std::string remedy) {
  return fail(ErrorKind::usage,
              fmt::format("align {} {}x{}: {}", to_string(info.video.format), info.video.width,
                          info.video.height, why),
              std::move(remedy));
}

Result<> check_powers_of_two(const VideoInfo& info, const VideoAlignment& wanted) {
  for (const auto& aligns : {wanted.stride_align, wanted.plane_align}) {
    for (const uint64_t align : aligns) {
      if (align == 0 || std::has_single_bit(align)) continue;
      return refuse(info, fmt::format("an alignment of {} is no power of two", align),
                    fmt::format("ask for {}", std::bit_floor(align)));
    }
  }
  return {};
}

/// Padding on the left: whole groups of every plane that end at an aligned byte. Nothing where no
/// picture is that wide.
std::optional<uint32_t> left_padding(const PixelFormatFacts& format, const VideoAlignment& wanted) {
  if (wanted.left == 0) return 0;
  uint64_t step = 1;
  for (size_t index = 0; index < format.plane_count; ++index) {
    const PlaneFacts& plane = format.planes[index];
    const uint64_t align = std::max<uint64_t>(wanted.stride_align[index], 1);
    const uint64_t groups = align / std::gcd<uint64_t>(align, plane.group_bytes);
    if (groups > largest_side) return std::nullopt;
    step = std::lcm(step, groups * plane.group_width);
    if (step > largest_side) return std::nullopt;
  }
  return checked_round_up(wanted.left, static_cast<uint32_t>(step));
}

/// Padding above: whole groups of every plane, in every field.
std::optional<uint32_t> top_padding(const PixelFormatFacts& format, InterlaceMode interlace,
                                    uint32_t wanted) {
  uint32_t tallest = 1;
  for (const PlaneFacts& plane : format.planes) {
    tallest = std::max<uint32_t>(tallest, plane.group_height);
  }
  return checked_round_up(wanted, interlace == InterlaceMode::alternate ? 2 * tallest : tallest);
}

/// The default layout's rules for the picture with its padding, in whole groups.
Result<PlacingRules> rules_of(const VideoInfo& info, const VideoAlignment& wanted) {
  const PixelFormatFacts& format = facts(info.video.format);
  const auto left = left_padding(format, wanted);
  const auto top = top_padding(format, info.interlace, wanted.top);
  if (!left || !top) {
    return refuse(info,
                  fmt::format("padding of {} pixels on the left and {} rows above, rounded up to "
                              "the alignment, exceeds a picture of {} pixels",
                              wanted.left, wanted.top, largest_side),
                  "ask for less padding or for smaller alignments");
  }
  const uint64_t width = uint64_t{*left} + info.video.width + wanted.right;
  const uint64_t height = uint64_t{*top} + info.video.height + wanted.bottom;
  MILLRACE_TRY(check_sides(info.video.format, width, height));
  return PlacingRules{.width = static_cast<uint32_t>(width),
                      .height = picture_rows(static_cast<uint32_t>(height), info.interlace),
                      .left = static_cast<uint16_t>(*left),
                      .top = static_cast<uint16_t>(picture_rows(*top, info.interlace)),
                      .stride_step = default_stride_step,
                      .whole_groups = true,
                      .chroma_pairs = info.interlace != InterlaceMode::progressive};
}

/// Pixels that every plane's row holds, as far as a picture may have as many.
uint32_t pixels_of_rows(const Layout& layout) {
  uint64_t pixels = largest_side;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneFacts& plane = facts(layout.format).planes[index];
    pixels = std::min(pixels,
                      uint64_t{layout.plane[index].stride} / plane.group_bytes * plane.group_width);
  }
  return static_cast<uint32_t>(pixels);
}

/// Longer rows are padding on the right, for whoever wants to use it; what merely rounds a stride
/// of the default layout is none.
bool are_rows_longer(const Layout& layout, const Layout& without_alignment) {
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    if (layout.plane[index].stride != without_alignment.plane[index].stride) return true;
  }
  return false;
}

/// The padding that a layout has, in the words of who asked for some.
VideoAlignment padding_of(const VideoInfo& info, const VideoAlignment& wanted) {
  VideoAlignment alignment = wanted;
  alignment.left = info.layout.left;
  alignment.right = info.layout.coded_width - info.layout.left - info.video.width;
  alignment.top =
      info.interlace == InterlaceMode::alternate ? 2U * info.layout.top : info.layout.top;
  return alignment;
}

}  // namespace

Result<AlignedVideo> align(const VideoInfo& info, const VideoAlignment& wanted) {
  MILLRACE_TRY(check_sides(info.video.format, info.video.width, info.video.height));
  MILLRACE_TRY(check_powers_of_two(info, wanted));
  PlacingRules rules = MILLRACE_TRY(rules_of(info, wanted));
  const Layout unaligned = MILLRACE_TRY(place_planes(info.video.format, rules));
  rules.stride_align = wanted.stride_align;
  rules.offset_align = wanted.plane_align;
  rules.derived = wanted.strides_derived;
  VideoInfo aligned = info;
  aligned.layout = MILLRACE_TRY(place_planes(info.video.format, rules));
  if (are_rows_longer(aligned.layout, unaligned)) {
    aligned.layout.coded_width = pixels_of_rows(aligned.layout);
  }
  return AlignedVideo{aligned, padding_of(aligned, wanted)};
}

}  // namespace millrace
