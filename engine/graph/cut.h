// SPDX-License-Identifier: MIT
// Cutting: a domain that cannot use one pool is parted at one link, where a copy stage moves each
// frame from the producer's pool into the consumer's.
#pragma once

#include "engine/graph/share.h"

namespace millrace {

/// All ports of the domain as one stretch.
[[nodiscard]] Stretch whole(const Domain& domain);

struct Cut {
  size_t link = 0;  ///< index into Domain::links: where the copy stands
  Share before;
  Share after;
  Cost cost;
};

/// The cheapest cut. Errors: the conflict of the side that cannot be served even alone.
[[nodiscard]] Solved<Cut> cut(const NegotiationInput& input, const Domain& domain);

}  // namespace millrace
