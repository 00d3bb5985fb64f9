// SPDX-License-Identifier: MIT
// An independent look at a solved pool: does it keep every constraint of every member? Shares no
// code with the solver.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/constraints.h"
#include "engine/graph/plan.h"

namespace millrace::test {

/// What is broken, one sentence each; empty for a sound pool.
[[nodiscard]] std::vector<std::string> broken_constraints(
    const PlanPool& pool, const std::vector<const LayoutConstraints*>& members);

}  // namespace millrace::test
