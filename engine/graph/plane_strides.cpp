// SPDX-License-Identifier: MIT
// Strides: from the shortest possible row to one that everybody takes.
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/graph/plane_solver.h"

namespace millrace {
namespace {

/// The sum of two lists of reasons.
Provenances both(Provenances first, const Provenances& second) {
  add_reasons(first, second);
  return first;
}

}  // namespace

bool PlaneSolver::find_shortest_rows() {
  for (size_t plane = 0; plane < planes_; ++plane) {
    const PlaneFacts& facts = format_.planes[plane];
    const uint64_t samples =
        (layout_.coded_width.value + facts.group_width - 1) / facts.group_width;
    shortest_row_[plane] = {samples * facts.group_bytes,
                            both(layout_.coded_width.why, problem_.format_why)};
  }
  return true;
}

bool PlaneSolver::gather_alignments() {
  const Provenances whole_pixels = flag(&LayoutConstraints::stride_whole_pixels);
  for (size_t plane = 0; plane < planes_; ++plane) {
    stride_align_[plane] = gather(&LayoutConstraints::stride_align, plane);
    for (const Provenance& why : whole_pixels) {
      stride_align_[plane].push_back({format_.planes[plane].group_bytes, why});
    }
    if (!check_alignments(stride_align_[plane], "stride", plane)) return false;
  }
  if (flag(&LayoutConstraints::stride_derived).empty()) return true;
  for (size_t plane = 1; plane < planes_; ++plane) {
    if (!pull_alignment_to_luma(plane)) return false;
  }
  return true;
}

/// A derived stride is s[p] = s[0] * c / d, so it is a multiple of A exactly where s[0] is one of
/// A * d / gcd(A * d, c). https://docs.kernel.org/userspace-api/media/v4l/pixfmt-v4l2.html
bool PlaneSolver::pull_alignment_to_luma(size_t plane) {
  const PlaneFacts& facts = format_.planes[plane];
  const uint64_t c = facts.group_bytes;
  const uint64_t d = static_cast<uint64_t>(facts.group_width) * format_.planes[0].group_bytes;
  Facts asked = stride_align_[plane];
  asked.push_back({1, flag(&LayoutConstraints::stride_derived).front()});
  for (const auto& fact : asked) {
    const auto scaled = checked_mul(fact.value, d);
    if (!scaled) {
      return fail_with({fmt::format("stride of plane 0: {} x {} exceeds 64 bits", fact.value, d),
                        {fact.why},
                        true});
    }
    stride_align_[0].push_back({*scaled / std::gcd(*scaled, c), fact.why});
  }
  return true;
}

bool PlaneSolver::solve_strides() {
  if (!find_shortest_rows() || !gather_alignments()) return false;
  const bool derived = !flag(&LayoutConstraints::stride_derived).empty();
  for (size_t plane = 0; plane < planes_; ++plane) {
    const bool chosen = derived && plane > 0 ? derive_stride(plane) : choose_stride(plane);
    if (!chosen) return false;
  }
  for (size_t plane = 0; plane < planes_; ++plane) {
    if (!check_stride(plane)) return false;
  }
  return true;
}

/// Where all strides are equal, each plane's demands are everybody's.
bool PlaneSolver::choose_stride(size_t plane) {
  const Provenances equal = flag(&LayoutConstraints::stride_equal);
  Figure lowest = shortest_row_[plane];
  Facts alignments;
  for (size_t other = 0; other < planes_; ++other) {
    if (other != plane && equal.empty()) continue;
    for (const auto& demand : gather_demands(other)) {
      Solved<Figure> demanded = demanded_stride(other, demand);
      return take(std::move(demanded), layout_.plane[plane].stride);
    }
    if (shortest_row_[other].value > lowest.value) lowest = shortest_row_[other];
    lowest = raise_to(lowest, gather(&LayoutConstraints::stride_min, other));
    alignments.insert(alignments.end(), stride_align_[other].begin(), stride_align_[other].end());
  }
  return take(round_up(lowest, alignments, fmt::format("stride of plane {}", plane)),
              layout_.plane[plane].stride);
}

bool PlaneSolver::derive_stride(size_t plane) {
  const PlaneFacts& facts = format_.planes[plane];
  const Figure& luma = layout_.plane[0].stride;
  const uint64_t d = static_cast<uint64_t>(facts.group_width) * format_.planes[0].group_bytes;
  const auto scaled = checked_mul<uint64_t>(luma.value, facts.group_bytes);
  const Provenances why = both(luma.why, flag(&LayoutConstraints::stride_derived));
  if (!scaled || *scaled % d != 0) {
    return fail_with(fmt::format("stride of plane {}: nothing whole derives from luma stride {}",
                                 plane, luma.value),
                     why);
  }
  layout_.plane[plane].stride = {*scaled / d, why};
  return true;
}

Solved<Figure> PlaneSolver::demanded_stride(size_t plane, const Fact<StrideDemand>& demand) {
  if (demand.value.policy == StridePolicy::fixed) return Figure{demand.value.value, {demand.why}};
  Figure row = shortest_row_[plane];
  add_reasons(row.why, {demand.why});
  return round_up(row, {{demand.value.value, demand.why}},
                  fmt::format("stride of plane {}", plane));
}

bool PlaneSolver::check_demands(size_t plane) {
  const Figure& stride = layout_.plane[plane].stride;
  for (const auto& demand : gather_demands(plane)) {
    const Solved<Figure> wanted = demanded_stride(plane, demand);
    if (!wanted) return fail_with(wanted.error());
    if (wanted->value != stride.value) {
      return fail_with(fmt::format("stride of plane {}: exactly {} is wanted, against {}", plane,
                                   wanted->value, stride.value),
                       both(wanted->why, stride.why));
    }
  }
  return true;
}

bool PlaneSolver::check_stride(size_t plane) {
  const Figure& stride = layout_.plane[plane].stride;
  const std::string name = fmt::format("stride {} of plane {}", stride.value, plane);
  const Figure lowest =
      raise_to(shortest_row_[plane], gather(&LayoutConstraints::stride_min, plane));
  if (stride.value < lowest.value) {
    return fail_with(fmt::format("{} is below {}", name, lowest.value),
                     both(stride.why, lowest.why));
  }
  for (const auto& align : stride_align_[plane]) {
    if (stride.value % align.value != 0) {
      return fail_with(fmt::format("{} is not a multiple of {}", name, align.value),
                       both(stride.why, {align.why}));
    }
  }
  const std::optional<Figure> highest = least(gather(&LayoutConstraints::stride_max, plane));
  if (highest && stride.value > highest->value) {
    return fail_with(fmt::format("{} is above {}", name, highest->value),
                     both(stride.why, highest->why));
  }
  if (stride.value > largest_buffer) {
    return fail_with({name + " exceeds 32 bits", stride.why, true});
  }
  const Provenances equal = flag(&LayoutConstraints::stride_equal);
  if (!equal.empty() && stride.value != layout_.plane[0].stride.value) {
    return fail_with(
        fmt::format("{} differs from {} of plane 0", name, layout_.plane[0].stride.value),
        both(stride.why, equal));
  }
  return check_demands(plane);
}

}  // namespace millrace
