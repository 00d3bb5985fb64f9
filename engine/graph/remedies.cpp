// SPDX-License-Identifier: MIT
#include "engine/graph/remedies.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "engine/graph/merge.h"

namespace millrace {
namespace {

struct Size {
  uint64_t width = 0;
  uint64_t height = 0;
};

/// Sizes that cameras, screens and encoders have in common, smallest first.
constexpr std::array<Size, 14> common_sizes = {{{320, 180},
                                                {320, 240},
                                                {640, 360},
                                                {640, 480},
                                                {768, 432},
                                                {1024, 576},
                                                {1024, 768},
                                                {1280, 720},
                                                {1280, 800},
                                                {1280, 1024},
                                                {1920, 1080},
                                                {1920, 1200},
                                                {2560, 1440},
                                                {3840, 2160}}};

uint64_t distance(uint64_t a, uint64_t b) {
  return a > b ? a - b : b - a;
}

/// Within one percent of the same shape.
bool same_shape(const Size& a, const Size& b) {
  return distance(a.width * b.height, b.width * a.height) * 100 <= a.height * b.width;
}

/// Sizes to try, the same shape first, then the nearest.
std::vector<Size> sizes_near(const Size& size) {
  std::vector<Size> sizes(common_sizes.begin(), common_sizes.end());
  std::ranges::stable_sort(sizes, [&size](const Size& a, const Size& b) {
    if (same_shape(a, size) != same_shape(b, size)) return same_shape(a, size);
    return distance(a.width, size.width) < distance(b.width, size.width);
  });
  return sizes;
}

Domain resized(const Domain& domain, const Size& size) {
  Domain result = domain;
  for (DomainPort& port : result.ports) {
    LayoutConstraints& layout = port.alternatives.front().layout;
    if (layout.visible_width) layout.visible_width->value = size.width;
    if (layout.visible_height) layout.visible_height->value = size.height;
  }
  return result;
}

/// A size that a file or a screen has cannot be chosen.
bool may_resize(const Domain& domain) {
  const LayoutConstraints& source = domain.ports.front().alternatives.front().layout;
  const auto chosen = [](const OptionalNumber& side) {
    return side && (side->why.origin == Origin::user || side->why.origin == Origin::documented);
  };
  return chosen(source.visible_width) && chosen(source.visible_height) &&
         domain.ports.front().stage->kind == StageKind::source;
}

std::optional<std::string> another_size(const NegotiationInput& input, const Core& core) {
  if (!may_resize(core.domain)) return std::nullopt;
  const LayoutConstraints& source = core.domain.ports.front().alternatives.front().layout;
  for (const Size& size : sizes_near({source.visible_width->value, source.visible_height->value})) {
    const Solved<Share> solved = share_all(input, resized(core.domain, size), core.format);
    if (!solved) continue;
    return fmt::format("{} at {}x{}: stride {} (verified by solving again)",
                       core.domain.ports.front().stage->stage, size.width, size.height,
                       solved->layout.plane[0].stride.value);
  }
  return std::nullopt;
}

/// What becomes of the edge when the user takes back one setting of the core.
std::optional<std::string> taken_back(const NegotiationInput& input, const Core& core,
                                      const CorePlace& place) {
  if (place.why.origin != Origin::user) return std::nullopt;
  const Solved<Share> solved = share_all(input, without(core.domain, place), core.format);
  if (!solved) return std::nullopt;
  const SolvedLayout& layout = solved->layout;
  std::string remedy =
      fmt::format("{} without \"{}\": {}x{} coded, stride {}, {} buffers", place.why.stage,
                  place.why.raw, layout.coded_width.value, layout.coded_height.value,
                  layout.plane[0].stride.value, solved->count.value);
  return remedy + " (verified by solving again)";
}

bool is_pinned_by(const std::optional<Fact<StrideDemand>>& demand, const Provenance& why) {
  return demand && demand->why == why && demand->value.policy == StridePolicy::fixed &&
         why.origin == Origin::user;
}

/// The one number that the user may put in the place of a pinned stride.
std::optional<std::string> another_stride(const NegotiationInput& input, const Core& core,
                                          const CorePlace& place) {
  const auto& given = core.domain.ports[place.port].alternatives.front().layout.stride_demand;
  if (!is_pinned_by(given[0], place.why)) return std::nullopt;
  Domain freed = without(core.domain, place);
  const Solved<Share> solved = share_all(input, freed, core.format);
  if (!solved) return std::nullopt;
  auto& demand = freed.ports[place.port].alternatives.front().layout.stride_demand;
  for (size_t plane = 0; plane < max_planes; ++plane) {
    if (!is_pinned_by(given[plane], place.why)) continue;
    demand[plane] = {{StridePolicy::fixed, solved->layout.plane[plane].stride.value}, place.why};
  }
  if (!share_all(input, freed, core.format)) return std::nullopt;
  return fmt::format("{} with stride {} instead of {} (verified by solving again)", place.why.stage,
                     solved->layout.plane[0].stride.value, given[0]->value.value);
}

}  // namespace

std::vector<std::string> find_remedies(const NegotiationInput& input, const Core& core) {
  std::vector<std::string> remedies;
  const auto keep = [&remedies](const std::optional<std::string>& remedy) {
    if (remedy) remedies.push_back(*remedy);
  };
  for (const CorePlace& place : core.places) {
    keep(another_stride(input, core, place));
    keep(taken_back(input, core, place));
  }
  keep(another_size(input, core));
  return remedies;
}

}  // namespace millrace
