// SPDX-License-Identifier: MIT
#include "engine/graph/layout_solver.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/format/layout.h"
#include "engine/graph/merge.h"
#include "engine/graph/plane_solver.h"

namespace millrace {
namespace {

constexpr uint64_t largest_side = 65535;

Facts gather(const LayoutProblem& problem, OptionalNumber LayoutConstraints::*field) {
  Facts facts;
  for (const LayoutConstraints* member : problem.members) {
    if (member->*field) facts.push_back(*(member->*field));
  }
  return facts;
}

/// The format's own demand on a number, as a constraint.
Fact<uint64_t> format_fact(const LayoutProblem& problem, uint64_t value) {
  return {value, problem.format_why.front()};
}

struct SideFields {
  std::string_view name;
  OptionalNumber LayoutConstraints::*visible;
  OptionalNumber LayoutConstraints::*min;
  OptionalNumber LayoutConstraints::*max;
  OptionalNumber LayoutConstraints::*coded_align;
};

constexpr SideFields width_fields{"width", &LayoutConstraints::visible_width,
                                  &LayoutConstraints::width_min, &LayoutConstraints::width_max,
                                  &LayoutConstraints::coded_align_width};
constexpr SideFields height_fields{"height", &LayoutConstraints::visible_height,
                                   &LayoutConstraints::height_min, &LayoutConstraints::height_max,
                                   &LayoutConstraints::coded_align_height};

Solved<Figure> visible_side(const LayoutProblem& problem, const SideFields& side) {
  const Solved<std::optional<Figure>> merged =
      merge_equal(gather(problem, side.visible), fmt::format("visible {}", side.name));
  if (!merged) return tl::unexpected<Conflict>(merged.error());
  if (!*merged) {
    return conflict(fmt::format("visible {}: nobody names it", side.name), problem.format_why);
  }
  const Figure& figure = **merged;
  if (figure.value == 0 || figure.value > largest_side) {
    return overflow(fmt::format("visible {} {} is not within 1 to {} pixels", side.name,
                                figure.value, largest_side),
                    figure.why);
  }
  return figure;
}

Solved<void> check_limits(const LayoutProblem& problem, const SideFields& side,
                          const Figure& visible) {
  const std::optional<Figure> lowest = greatest(gather(problem, side.min));
  const std::optional<Figure> highest = least(gather(problem, side.max));
  const bool low = lowest && visible.value < lowest->value;
  const bool high = highest && visible.value > highest->value;
  if (!low && !high) return {};
  const Figure& limit = low ? *lowest : *highest;
  Provenances why = visible.why;
  add_reasons(why, limit.why);
  return conflict(fmt::format("{} {} is {} the limit of {} pixels", side.name, visible.value,
                              low ? "below" : "above", limit.value),
                  std::move(why));
}

Solved<Figure> coded_side(const LayoutProblem& problem, const SideFields& side,
                          const Figure& visible, uint64_t format_step) {
  Facts alignments = gather(problem, side.coded_align);
  if (format_step > 1) alignments.push_back(format_fact(problem, format_step));
  Solved<Figure> coded = round_up(visible, alignments, fmt::format("coded {}", side.name));
  if (coded && coded->value > UINT32_MAX) {
    return overflow(fmt::format("coded {} {} exceeds 32 bits", side.name, coded->value),
                    coded->why);
  }
  return coded;
}

struct Side {
  Figure visible, coded;
};

Solved<Side> solve_side(const LayoutProblem& problem, const SideFields& side,
                        uint64_t format_step) {
  const Solved<Figure> visible = visible_side(problem, side);
  if (!visible) return tl::unexpected<Conflict>(visible.error());
  const Solved<void> fits = check_limits(problem, side, *visible);
  if (!fits) return tl::unexpected<Conflict>(fits.error());
  const Solved<Figure> coded = coded_side(problem, side, *visible, format_step);
  if (!coded) return tl::unexpected<Conflict>(coded.error());
  return Side{*visible, *coded};
}

ObjectLayout first_object_layout(const std::vector<const LayoutConstraints*>& members) {
  for (const LayoutConstraints* member : members) {
    if (!member->objects.empty()) return member->objects.front().value;
  }
  return ObjectLayout::one;
}

bool takes(const LayoutConstraints& member, ObjectLayout layout) {
  return member.objects.empty() ||
         std::ranges::find(member.objects, layout, &Fact<ObjectLayout>::value) !=
             member.objects.end();
}

Solved<ObjectLayout> merge_objects(const LayoutProblem& problem) {
  const ObjectLayout liked = first_object_layout(problem.members);
  const ObjectLayout other =
      liked == ObjectLayout::one ? ObjectLayout::per_plane : ObjectLayout::one;
  for (const ObjectLayout layout : {liked, other}) {
    const auto agrees = [layout](const LayoutConstraints* member) {
      return takes(*member, layout);
    };
    if (std::ranges::all_of(problem.members, agrees)) return layout;
  }
  Provenances why;
  for (const LayoutConstraints* member : problem.members) {
    for (const auto& fact : member->objects) add_reasons(why, {fact.why});
  }
  return conflict("memory of the planes: one side wants one object, the other one per plane",
                  std::move(why));
}

}  // namespace

Solved<SolvedLayout> solve_layout(const LayoutProblem& problem) {
  SolvedLayout layout;
  const PixelFormatFacts& format = facts(problem.format);
  const Solved<Side> width = solve_side(problem, width_fields, format.even_width);
  if (!width) return tl::unexpected<Conflict>(width.error());
  const Solved<Side> height = solve_side(problem, height_fields, format.even_height);
  if (!height) return tl::unexpected<Conflict>(height.error());
  layout.width = width->visible;
  layout.height = height->visible;
  layout.coded_width = width->coded;
  layout.coded_height = height->coded;
  const Solved<ObjectLayout> objects = merge_objects(problem);
  if (!objects) return tl::unexpected<Conflict>(objects.error());
  layout.objects = *objects;
  PlaneSolver planes(problem, layout);
  if (!planes.solve()) return tl::unexpected<Conflict>(planes.take_conflict());
  return layout;
}

}  // namespace millrace
