// SPDX-License-Identifier: MIT
// Rows, offsets and sizes: where the planes lie behind each other and what they take.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/graph/plane_solver.h"

namespace millrace {
namespace {

/// How many rows are tried above the fewest before packed planes are given up: the tallest picture.
constexpr uint64_t most_extra_rows = 65535;

uint64_t divide_up(uint64_t value, uint64_t by) {
  return (value + by - 1) / by;
}

}  // namespace

bool PlaneSolver::solve_rows() {
  for (size_t plane = 0; plane < planes_; ++plane) {
    const uint64_t step = format_.planes[plane].group_height;
    Figure rows{divide_up(layout_.coded_height.value, step), layout_.coded_height.why};
    if (step > 1) add_reasons(rows.why, problem_.format_why);
    rows = raise_to(rows, gather(&LayoutConstraints::rows_min, plane));
    if (!take(round_up(rows, gather(&LayoutConstraints::rows_align, plane),
                       fmt::format("rows of plane {}", plane)),
              layout_.plane[plane].rows)) {
      return false;
    }
    if (layout_.plane[plane].rows.value > largest_buffer) {
      return fail_with({fmt::format("{} rows of plane {} exceed 32 bits",
                                    layout_.plane[plane].rows.value, plane),
                        layout_.plane[plane].rows.why, true});
    }
  }
  return flag(&LayoutConstraints::planes_packed).empty() || raise_rows_until_packed();
}

bool PlaneSolver::gather_offset_alignments() {
  const Provenances whole_rows = flag(&LayoutConstraints::offset_whole_rows);
  for (size_t plane = 0; plane < planes_; ++plane) {
    offset_align_[plane] = gather(&LayoutConstraints::offset_align, plane);
    for (const Provenance& why : whole_rows) {
      offset_align_[plane].push_back({layout_.plane[0].stride.value, why});
    }
    if (!check_alignments(offset_align_[plane], "offset", plane)) return false;
  }
  return true;
}

/// Whether no gap is needed between planes when plane 0 has `luma_rows`; the others follow it.
bool PlaneSolver::packed_at(uint64_t luma_rows, std::array<uint64_t, max_planes>& rows) const {
  uint64_t offset = 0;
  for (size_t plane = 0; plane < planes_; ++plane) {
    const Facts& aligns = offset_align_[plane];
    const auto aligned = [offset](const Fact<uint64_t>& fact) { return offset % fact.value == 0; };
    if (!std::ranges::all_of(aligns, aligned)) return false;
    rows[plane] = std::max(layout_.plane[plane].rows.value,
                           divide_up(luma_rows, format_.planes[plane].group_height));
    for (const auto& align : gather(&LayoutConstraints::rows_align, plane)) {
      if (rows[plane] % align.value != 0) return false;
    }
    const auto bytes = checked_mul(layout_.plane[plane].stride.value, rows[plane]);
    if (!bytes || *bytes > largest_buffer) return false;
    offset += *bytes;
  }
  return true;
}

/// Where planes must touch, only more rows can move the next plane to an aligned offset.
bool PlaneSolver::raise_rows_until_packed() {
  const uint64_t fewest = layout_.plane[0].rows.value;
  Provenances why = flag(&LayoutConstraints::planes_packed);
  for (const Facts& aligns : offset_align_) add_reasons(why, reasons_of(aligns));
  std::array<uint64_t, max_planes> rows{};
  for (uint64_t luma = fewest; luma <= fewest + most_extra_rows; ++luma) {
    if (!packed_at(luma, rows)) continue;
    for (size_t plane = 0; plane < planes_; ++plane) {
      Figure& figure = layout_.plane[plane].rows;
      if (figure.value != rows[plane]) add_reasons(figure.why, why);
      figure.value = rows[plane];
    }
    return true;
  }
  return fail_with(
      fmt::format("offsets of planes without a gap: no count of rows from {} on aligns them",
                  fewest),
      std::move(why));
}

/// Plane after plane: each starts at the first aligned byte behind the one before.
bool PlaneSolver::place(size_t plane) {
  Figure& offset = layout_.plane[plane].offset;
  Figure start = plane > 0 && layout_.objects == ObjectLayout::one ? end_[plane - 1]
                                                                   : Figure{0, problem_.format_why};
  const std::string name = fmt::format("offset of plane {}", plane);
  Solved<std::optional<Figure>> fixed =
      merge_equal(gather(&LayoutConstraints::offset_fixed, plane), name);
  if (!fixed) return fail_with(fixed.error());
  const Figure earliest = start;
  if (*fixed) start = **fixed;
  if (!take(round_up(start, offset_align_[plane], name), offset)) return false;
  Provenances why = offset.why;
  add_reasons(why, earliest.why);
  if (*fixed && (offset.value != (*fixed)->value || offset.value < earliest.value)) {
    return fail_with(fmt::format("{}: {} is wanted, {} is possible", name, (*fixed)->value,
                                 std::max(offset.value, earliest.value)),
                     std::move(why));
  }
  const Provenances zero = flag(&LayoutConstraints::offset_zero_first);
  const Provenances packed = flag(&LayoutConstraints::planes_packed);
  const bool gap = plane > 0 && !packed.empty() && offset.value != earliest.value;
  const bool late = plane == 0 && !zero.empty() && offset.value != 0;
  if (!gap && !late) return true;
  add_reasons(why, gap ? packed : zero);
  return fail_with(fmt::format("{} {} leaves a gap before it", name, offset.value), std::move(why));
}

bool PlaneSolver::solve_offsets() {
  for (size_t plane = 0; plane < planes_; ++plane) {
    if (!place(plane)) return false;
    const PlanPool::Plane& solved = layout_.plane[plane];
    const auto bytes = checked_mul(solved.stride.value, solved.rows.value);
    const auto end = bytes ? checked_add(*bytes, solved.offset.value) : bytes;
    Figure& into = end_[plane];
    into.why = solved.offset.why;
    add_reasons(into.why, solved.stride.why);
    add_reasons(into.why, solved.rows.why);
    if (!end || *end > largest_buffer) {
      return fail_with(
          {fmt::format("plane {}: offset {} and {} rows of {} bytes exceed {} bytes", plane,
                       solved.offset.value, solved.rows.value, solved.stride.value, largest_buffer),
           into.why, true});
    }
    into.value = *end;
  }
  return true;
}

bool PlaneSolver::check_size(const Figure& size) {
  const std::optional<Figure> highest = least(gather(&LayoutConstraints::alloc_max));
  if (size.value > largest_buffer) {
    return fail_with(
        {fmt::format("a buffer of {} bytes exceeds 32 bits", size.value), size.why, true});
  }
  if (!highest || size.value <= highest->value) return true;
  Provenances why = size.why;
  add_reasons(why, highest->why);
  return fail_with(fmt::format("size {} of a buffer is above {}", size.value, highest->value),
                   std::move(why));
}

bool PlaneSolver::solve_allocation(const Figure& size) {
  const Figure needed = raise_to(size, gather(&LayoutConstraints::alloc_min));
  const Facts alignments = gather(&LayoutConstraints::alloc_align);
  Figure unpaged;
  if (!take(round_up(needed, alignments, "size of a buffer"), unpaged)) return false;
  if (!check_size(unpaged)) return false;
  Facts with_page = alignments;
  with_page.push_back(problem_.page_size);
  if (!take(round_up(needed, with_page, "size of a buffer"), layout_.alloc)) return false;
  if (layout_.alloc.value > largest_buffer) {
    return fail_with({fmt::format("a buffer of {} bytes exceeds 32 bits", layout_.alloc.value),
                      layout_.alloc.why, true});
  }
  return true;
}

/// The pad must be mapped behind the last row of each memory.
bool PlaneSolver::solve_sizes() {
  const bool per_plane = layout_.objects == ObjectLayout::per_plane;
  const std::optional<Figure> pad = greatest(gather(&LayoutConstraints::tail_pad));
  layout_.size = {};
  for (size_t plane = per_plane ? 0 : planes_ - 1; plane < planes_; ++plane) {
    Figure object = end_[plane];
    const auto padded = checked_add(object.value, pad ? pad->value : 0);
    if (pad && pad->value > 0) add_reasons(object.why, pad->why);
    const auto total = padded ? checked_add(layout_.size.value, *padded) : padded;
    if (!total) return fail_with({"size of a buffer exceeds 64 bits", object.why, true});
    object.value = *padded;
    if (per_plane) layout_.plane[plane].object_size = object;
    layout_.size.value = *total;
    add_reasons(layout_.size.why, object.why);
  }
  return solve_allocation(layout_.size);
}

}  // namespace millrace
