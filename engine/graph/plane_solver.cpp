// SPDX-License-Identifier: MIT
#include "engine/graph/plane_solver.h"

#include <utility>

#include <fmt/format.h>

namespace millrace {

PlaneSolver::PlaneSolver(const LayoutProblem& problem, SolvedLayout& layout)
    : problem_(problem),
      layout_(layout),
      format_(facts(problem.format)),
      planes_(format_.plane_count) {}

bool PlaneSolver::solve() {
  return solve_strides() && gather_offset_alignments() && solve_rows() && solve_offsets() &&
         solve_sizes();
}

Facts PlaneSolver::gather(OptionalNumber LayoutConstraints::*field) const {
  Facts found;
  for (const LayoutConstraints* member : problem_.members) {
    if (member->*field) found.push_back(*(member->*field));
  }
  return found;
}

Facts PlaneSolver::gather(PerPlane LayoutConstraints::*field, size_t plane) const {
  Facts found;
  for (const LayoutConstraints* member : problem_.members) {
    if ((member->*field)[plane]) found.push_back(*(member->*field)[plane]);
  }
  return found;
}

PlaneSolver::StrideFacts PlaneSolver::gather_demands(size_t plane) const {
  StrideFacts found;
  for (const LayoutConstraints* member : problem_.members) {
    if (member->stride_demand[plane]) found.push_back(*member->stride_demand[plane]);
  }
  return found;
}

Provenances PlaneSolver::flag(OptionalFlag LayoutConstraints::*field) const {
  Provenances found;
  for (const LayoutConstraints* member : problem_.members) {
    if (member->*field && (member->*field)->value) add_reasons(found, {(member->*field)->why});
  }
  return found;
}

bool PlaneSolver::check_alignments(const Facts& alignments, std::string_view what, size_t plane) {
  for (const auto& fact : alignments) {
    if (fact.value != 0) continue;
    return fail_with(fmt::format("{} of plane {}: an alignment of 0", what, plane), {fact.why});
  }
  return true;
}

bool PlaneSolver::fail_with(Conflict conflict) {
  conflict_ = std::move(conflict);
  return false;
}

bool PlaneSolver::fail_with(std::string what, Provenances why) {
  return fail_with({std::move(what), std::move(why), false});
}

bool PlaneSolver::take(Solved<Figure> solved, Figure& into) {
  if (!solved) return fail_with(std::move(solved.error()));
  into = std::move(*solved);
  return true;
}

}  // namespace millrace
