// SPDX-License-Identifier: MIT
#include "engine/graph/plan.h"

#include <algorithm>

namespace millrace {

std::string_view to_string(Verdict verdict) {
  constexpr std::string_view names[] = {"shared", "copied", "transform"};
  return names[static_cast<size_t>(verdict)];
}

Layout PlanPool::layout() const {
  Layout layout;
  const VideoFormat* frames = video();
  if (!frames) return layout;
  layout.format = frames->format;
  layout.modifier = modifier;
  layout.coded_width = static_cast<uint32_t>(coded_width.value);
  layout.coded_height = static_cast<uint32_t>(coded_height.value);
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    layout.plane[index] = {plane[index].offset.value,
                           static_cast<uint32_t>(plane[index].stride.value),
                           static_cast<uint32_t>(plane[index].rows.value)};
  }
  layout.size = size.value;
  return layout;
}

const PlanPool* Plan::pool_of(std::string_view port) const {
  for (const PlanPool& pool : pools) {
    if (std::ranges::find(pool.members, port) != pool.members.end()) return &pool;
  }
  return nullptr;
}

const PlanEdge* Plan::edge_into(std::string_view port) const {
  const auto edge = std::ranges::find(edges, port, &PlanEdge::to);
  return edge == edges.end() ? nullptr : &*edge;
}

uint64_t Plan::copied_bytes_per_frame() const {
  uint64_t bytes = 0;
  for (const PlanEdge& edge : edges) {
    if (edge.copied_bytes_per_frame) bytes += edge.copied_bytes_per_frame->value;
  }
  return bytes;
}

uint64_t Plan::copies_per_frame() const {
  return static_cast<uint64_t>(std::ranges::count(edges, Verdict::copied, &PlanEdge::verdict));
}

uint64_t Plan::transforms_per_frame() const {
  const auto converters = std::ranges::count(stages, StageKind::transform, &StageOffer::kind);
  const auto sources = std::ranges::count(stages, true, &StageOffer::fills_by_transform);
  return static_cast<uint64_t>(converters + sources);
}

}  // namespace millrace
