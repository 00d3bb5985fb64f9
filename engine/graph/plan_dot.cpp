// SPDX-License-Identifier: MIT
// The plan for Graphviz: stages as boxes, links coloured by their verdicts.
#include <fmt/format.h>

#include "engine/graph/plan.h"

namespace millrace {
namespace {

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::shared:
      return "forestgreen";
    case Verdict::copied:
      return "red";
    case Verdict::transform:
      return "orange";
  }
  return "black";
}

/// A string as Graphviz quotes it.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') result += '\\';
    if (letter == '\n') {
      result += "\\n";
    } else {
      result += letter;
    }
  }
  return result + "\"";
}

std::string stage_of(const std::string& port) {
  return port.substr(0, port.rfind('.'));
}

std::string pool_line(const PlanPool& pool) {
  const std::string heap = pool.heap.empty() ? pool.owner : pool.heap;
  return fmt::format("pool {}: {}\n{} x {} bytes, {}", pool.id, to_string(pool.stream),
                     pool.count.value, pool.alloc.value, heap);
}

std::string edge_label(const Plan& plan, const PlanEdge& edge) {
  std::string label(to_string(edge.verdict));
  if (edge.copied_bytes_per_frame) {
    label += fmt::format(" {} B/frame", edge.copied_bytes_per_frame->value);
  }
  label += "\n" + pool_line(plan.pools[edge.pool]);
  if (edge.copy_pool) label += "\n" + pool_line(plan.pools[*edge.copy_pool]);
  return label;
}

}  // namespace

std::string Plan::dot() const {
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const StageOffer& stage : stages) text += fmt::format("  {};\n", quoted(stage.stage));
  for (const PlanEdge& edge : edges) {
    text +=
        fmt::format("  {} -> {} [color={}, label={}, tooltip={}];\n", quoted(stage_of(edge.from)),
                    quoted(stage_of(edge.to)), colour_of(edge.verdict),
                    quoted(edge_label(*this, edge)), quoted(edge.reason));
  }
  return text + "}\n";
}

}  // namespace millrace
