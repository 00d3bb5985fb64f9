// SPDX-License-Identifier: MIT
// Heaps: where the memory of a plan's pools comes from: the machine's allocators, then what the
// stages that share a pool lend of their own.
#pragma once

#include <optional>
#include <string>

#include "engine/graph/graph.h"
#include "engine/graph/plan.h"
#include "engine/memory/allocator_set.h"

namespace millrace {

/// Borrows both for as long as it lives.
class Heaps {
 public:
  Heaps(const Graph& graph, const AllocatorSet& machine) : graph_(graph), machine_(machine) {}

  /// Null for a heap that nobody has. A stage's allocator lives as long as the stage.
  [[nodiscard]] Allocator* find(const PlanPool& pool) const;

  /// The port whose stage lends the pool's heap; nothing where the machine has it.
  [[nodiscard]] std::optional<std::string> lender(const PlanPool& pool) const;

 private:
  [[nodiscard]] Allocator* lent_by(const std::string& port, const std::string& heap) const;

  const Graph& graph_;
  const AllocatorSet& machine_;
};

}  // namespace millrace
