// SPDX-License-Identifier: MIT
// PlaneSolver: the steps of the layout solver that go plane by plane: strides, rows, offsets,
// sizes.
//
// Confined; used once. After a step that failed the conflict says why.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/format/pixel_format.h"
#include "engine/graph/layout_solver.h"
#include "engine/graph/merge.h"

namespace millrace {

class PlaneSolver {
 public:
  /// Both outlive the solver; `layout` has its visible and coded sizes and gets the rest.
  PlaneSolver(const LayoutProblem& problem, SolvedLayout& layout);

  [[nodiscard]] bool solve();

  [[nodiscard]] Conflict take_conflict() { return std::move(conflict_); }

 private:
  using StrideFacts = std::vector<Fact<StrideDemand>>;

  // Strides (plane_strides.cpp).
  bool find_shortest_rows();
  bool gather_alignments();
  bool pull_alignment_to_luma(size_t plane);
  bool solve_strides();
  bool choose_stride(size_t plane);
  bool derive_stride(size_t plane);
  bool check_stride(size_t plane);
  bool check_demands(size_t plane);
  [[nodiscard]] Solved<Figure> demanded_stride(size_t plane, const Fact<StrideDemand>& demand);

  // Rows, offsets and sizes (plane_offsets.cpp).
  bool solve_rows();
  bool raise_rows_until_packed();
  bool solve_offsets();
  bool place(size_t plane);
  bool gather_offset_alignments();
  bool solve_sizes();
  bool check_size(const Figure& size);
  bool solve_allocation(const Figure& size);
  [[nodiscard]] bool packed_at(uint64_t luma_rows, std::array<uint64_t, max_planes>& rows) const;

  /// What all members say about one field.
  [[nodiscard]] Facts gather(OptionalNumber LayoutConstraints::*field) const;
  [[nodiscard]] Facts gather(PerPlane LayoutConstraints::*field, size_t plane) const;
  [[nodiscard]] StrideFacts gather_demands(size_t plane) const;
  /// Those who set a flag.
  [[nodiscard]] Provenances flag(OptionalFlag LayoutConstraints::*field) const;

  /// An alignment of 0 can never be met.
  bool check_alignments(const Facts& alignments, std::string_view what, size_t plane);

  bool fail_with(Conflict conflict);
  bool fail_with(std::string what, Provenances why);
  /// Stores the value, or keeps the conflict.
  bool take(Solved<Figure> solved, Figure& into);

  const LayoutProblem& problem_;
  SolvedLayout& layout_;
  const PixelFormatFacts& format_;
  const size_t planes_;
  std::array<Figure, max_planes> shortest_row_;
  std::array<Facts, max_planes> stride_align_;
  std::array<Facts, max_planes> offset_align_;
  std::array<Figure, max_planes> end_;
  Conflict conflict_;
};

}  // namespace millrace
