// SPDX-License-Identifier: MIT
#include "engine/format/plane_placing.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "engine/base/checked.h"

namespace millrace {
namespace {

uint32_t rounded_up(uint32_t value, uint32_t step) {
  return (value + step - 1) / step * step;
}

uint64_t no_less_than_one(uint64_t align) {
  return std::max<uint64_t>(align, 1);
}

/// How many rows stand between the start of a plane and the next one.
uint32_t rows_to_next(const PixelFormatFacts& format, size_t index, const PlacingRules& rules) {
  const uint32_t step = format.planes[index].group_height;
  if (!rules.whole_groups) return rounded_up(rules.height, step) / step;
  uint32_t tallest = 1;
  for (const PlaneFacts& plane : format.planes) {
    tallest = std::max<uint32_t>(tallest, plane.group_height);
  }
  const uint32_t rows = rounded_up(rules.height, tallest) / step;
  return rules.chroma_pairs && step > 1 ? rounded_up(rows, 2) : rows;
}

using Strides = std::array<uint32_t, max_planes>;

std::optional<uint64_t> stride_step(size_t index, const PlacingRules& rules) {
  return checked_lcm<uint64_t>(rules.stride_step, no_less_than_one(rules.stride_align[index]));
}

uint64_t row_bytes(const PlaneFacts& plane, uint32_t width) {
  return uint64_t{rounded_up(width, plane.group_width)} / plane.group_width * plane.group_bytes;
}

/// A multiple of this in plane 0 makes the derived stride of plane `index` whole and aligned: see
/// PlaneSolver, which negotiates the same.
std::optional<uint64_t> first_stride_step(const PixelFormatFacts& format, size_t index,
                                          const PlacingRules& rules) {
  const PlaneFacts& first = format.planes[0];
  const PlaneFacts& plane = format.planes[index];
  const uint64_t part = uint64_t{plane.group_bytes} * first.group_width;
  const uint64_t whole = uint64_t{plane.group_width} * first.group_bytes;
  const auto step = stride_step(index, rules);
  const auto scaled = step ? checked_mul<uint64_t>(*step, whole) : step;
  return scaled ? std::optional(*scaled / std::gcd(*scaled, part)) : scaled;
}

/// The least stride of plane 0 from which all the others follow.
std::optional<uint64_t> first_of_derived(const PixelFormatFacts& format,
                                         const PlacingRules& rules) {
  std::optional<uint64_t> step = 1;
  uint32_t widest = 1;
  for (size_t index = 0; index < format.plane_count && step; ++index) {
    const auto own = first_stride_step(format, index, rules);
    step = own ? checked_lcm(*step, *own) : own;
    widest = std::max<uint32_t>(widest, format.planes[index].group_width);
  }
  const uint64_t row = row_bytes(format.planes[0], rounded_up(rules.width, widest));
  return step ? checked_round_up(row, *step) : step;
}

/// Nothing where one exceeds 32 bits.
std::optional<Strides> strides_of(const PixelFormatFacts& format, const PlacingRules& rules) {
  Strides strides{};
  const auto first = rules.derived ? first_of_derived(format, rules) : 0;
  if (!first || *first > UINT32_MAX) return std::nullopt;
  for (size_t index = 0; index < format.plane_count; ++index) {
    const auto step = stride_step(index, rules);
    if (!step) return std::nullopt;
    const auto stride =
        rules.derived
            ? stride_like_first(format.format, index, static_cast<uint32_t>(*first))
            : checked_round_up<uint64_t>(row_bytes(format.planes[index], rules.width), *step);
    if (!stride || *stride > UINT32_MAX) return std::nullopt;
    strides[index] = static_cast<uint32_t>(*stride);
  }
  return strides;
}

/// Puts plane `index` behind `layout.size` and moves that to the plane's end.
bool place(const PixelFormatFacts& format, size_t index, uint32_t stride, const PlacingRules& rules,
           Layout& layout) {
  const PlaneFacts& plane = format.planes[index];
  const uint64_t before = padding_before(plane, stride, rules.left, rules.top);
  const auto first = checked_add<uint64_t>(layout.size, before);
  const auto offset =
      first ? checked_round_up(*first, no_less_than_one(rules.offset_align[index])) : first;
  if (!offset) return false;
  const auto end = checked_add<uint64_t>(*offset - before,
                                         uint64_t{stride} * rows_to_next(format, index, rules));
  if (!end) return false;
  layout.plane[index] = {*offset, stride,
                         rounded_up(rules.height, plane.group_height) / plane.group_height};
  layout.size = *end;
  return true;
}

}  // namespace

uint64_t padding_before(const PlaneFacts& plane, uint64_t stride, uint16_t left, uint16_t top) {
  return uint64_t{top} / plane.group_height * stride +
         uint64_t{left} / plane.group_width * plane.group_bytes;
}

Result<> check_sides(PixelFormat format, uint64_t width, uint64_t height) {
  if (width != 0 && height != 0 && width <= largest_side && height <= largest_side) return {};
  return fail(ErrorKind::usage, fmt::format("lay out {} {}x{}: each side must be 1 to {} pixels",
                                            to_string(format), width, height, largest_side));
}

Result<Layout> place_planes(PixelFormat format, const PlacingRules& rules) {
  const PixelFormatFacts& known = facts(format);
  Layout layout{.format = format,
                .left = rules.left,
                .top = rules.top,
                .coded_width = rules.width,
                .coded_height = rules.height};
  const std::optional<Strides> strides = strides_of(known, rules);
  for (size_t index = 0; index < known.plane_count; ++index) {
    if (strides && place(known, index, (*strides)[index], rules, layout)) continue;
    return fail(ErrorKind::usage,
                fmt::format("lay out {} {}x{}: plane {} with a stride of a multiple of {} at a "
                            "multiple of {} exceeds 32 bits of a stride or 64 of an offset",
                            known.name, rules.width, rules.height, index, rules.stride_align[index],
                            rules.offset_align[index]),
                "ask for smaller alignments");
  }
  return layout;
}

}  // namespace millrace
