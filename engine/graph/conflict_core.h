// SPDX-License-Identifier: MIT
// The core of a conflict: the smallest set of constraints that already forbids sharing.
//
// Found by deletion in the fixed order of fact_walk.h: a constraint without which the ports still
// cannot share is dropped for good, one without which they can is kept. Of what is left, giving up
// any member makes the edge shared. One constraint is all that a port says for one reason: a stride
// that is pinned for two planes is one.
#pragma once

#include <optional>
#include <vector>

#include "engine/graph/cut.h"

namespace millrace {

/// One constraint that may be given up.
struct CorePlace {
  size_t port = 0;
  Provenance why;       ///< of every fact that belongs to it; of a list, its first entry's
  Provenances reasons;  ///< of every entry
};

struct Core {
  Domain domain;        ///< each port with the one alternative that was looked at
  CommonFormat format;  ///< settled: a copy does not change it
  std::string what;     ///< what stands against sharing: "stride 322 of plane 0 is not …"
  std::vector<CorePlace> places;
  Provenances members;  ///< never empty
};

[[nodiscard]] Core conflict_core(const NegotiationInput& input, const Domain& domain,
                                 const Cut& cut);

/// The domain with one constraint given up.
[[nodiscard]] Domain without(const Domain& domain, const CorePlace& place);

/// How all ports share one pool in this format without copying, or the conflict.
[[nodiscard]] Solved<Share> share_all(const NegotiationInput& input, const Domain& domain,
                                      const CommonFormat& format);

}  // namespace millrace
