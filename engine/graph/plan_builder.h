// SPDX-License-Identifier: MIT
// PlanBuilder: writes what was solved, domain after domain, as pools and edges of the plan.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/conflict_core.h"
#include "engine/graph/cut.h"
#include "engine/graph/plan.h"

namespace millrace {

class PlanBuilder {
 public:
  explicit PlanBuilder(const NegotiationInput& input) : input_(input) {
    plan_.stages = input.stages;
  }

  void add_shared(const Domain& domain, const Share& share);

  /// `core` and `remedies` say why the copy is needed and what would avoid it.
  void add_cut(const Domain& domain, const Cut& cut, const Core& core,
               std::vector<std::string> remedies);

  void add_packets(const Domain& domain, PlanPool pool);

  /// Edges in the order of the links.
  [[nodiscard]] Plan finish();

 private:
  void drop_other_ways();
  uint32_t add_pool(PlanPool pool);
  PlanEdge& add_edge(const Domain& domain, size_t link, uint32_t pool, const Alternative& consumer);

  const NegotiationInput& input_;
  Plan plan_;
};

/// "source.out -> encode.in"
[[nodiscard]] std::string name_of(const LinkSpec& link);

}  // namespace millrace
