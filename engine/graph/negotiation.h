// SPDX-License-Identifier: MIT
// Negotiation: offers in, a Plan out, or the reason why there is none.
//
// A pure function of values: no device, no allocation, no clock, no hash order. The same offers
// give byte for byte the same plan.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/graph/offer.h"
#include "engine/graph/plan.h"

namespace millrace {

/// One link of the graph.
struct LinkSpec {
  std::string from_stage, from_port;
  std::string to_stage, to_port;
  Fact<uint64_t> queue_depth;  ///< buffers that may wait between the two; 0: none, same lane
};

/// A heap that this machine has, in the order in which heaps are tried.
struct HeapFact {
  std::string name;               ///< "udmabuf", "memfd", "host"
  uint64_t largest = UINT64_MAX;  ///< bytes of one allocation
  Provenance why;
};

struct NegotiationInput {
  std::vector<StageOffer> stages;  ///< upstream before downstream
  std::vector<LinkSpec> links;
  std::vector<HeapFact> heaps;
  Fact<uint64_t> page_size;
  OptionalNumber extra_buffers;  ///< --buffers: the user's number for each frame pool
};

/// Errors: `unavailable` where no common format exists or a transform cannot be served, `usage`
/// where sizes overflow; both name the constraints.
[[nodiscard]] MILLRACE_API Result<Plan> negotiate(const NegotiationInput& input);

}  // namespace millrace
