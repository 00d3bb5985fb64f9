// SPDX-License-Identifier: MIT
// Packet pools: compressed data has a greatest size and a count, and no layout.
#pragma once

#include "engine/graph/cut.h"
#include "engine/graph/plan.h"

namespace millrace {

/// Owner and members are left to the plan. Errors: a packet size of 0, too many buffers.
[[nodiscard]] Solved<PlanPool> solve_packets(const NegotiationInput& input, const Domain& domain);

}  // namespace millrace
