// SPDX-License-Identifier: MIT
// Wiring: which stages share a lane, and which queues lie between the lanes. Pure arrangement: it
// starts nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/run/commit.h"
#include "engine/run/lane.h"
#include "engine/stages/copy_stage.h"

namespace millrace {

struct Wiring {
  struct LanePlan {
    Lane::Params params;
    bool blocks = false;
  };

  std::vector<std::unique_ptr<FrameQueue>> queues;
  std::vector<std::unique_ptr<CopyStage>> copies;
  std::vector<LanePlan> lanes;

  /// By StageId: the graph's stages in the plan's order, then the copy stages.
  std::vector<std::string> stage_names;
  std::vector<uint32_t> input_pool;  ///< UINT32_MAX: none
  std::vector<uint32_t> output_pool;
};

/// Refuses what lanes cannot carry: a stage that feeds two links, and a copy in front of one of
/// several inputs.
[[nodiscard]] Result<> check_wirable(const Plan& plan);

/// Of a plan that can be wired.
[[nodiscard]] Wiring wire(const Graph& graph, const Committed& committed);

}  // namespace millrace
