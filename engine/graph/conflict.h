// SPDX-License-Identifier: MIT
// Conflict: why constraints cannot be met together. Inside the negotiator it is an ordinary answer
// (the next alternative, heap or copy is tried); only the last one becomes an Error.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/graph/provenance.h"

namespace millrace {

using Provenances = std::vector<Provenance>;

struct Conflict {
  std::string what;       ///< "stride of plane 0: 322 is not a multiple of 256"
  Provenances why;        ///< the constraints that were at work, at least one
  bool overflow = false;  ///< a size left the range of the interfaces: no copy helps
};

/// A value, or the conflict that stands against it.
template <class T>
using Solved = tl::expected<T, Conflict>;

[[nodiscard]] inline tl::unexpected<Conflict> conflict(std::string what, Provenances why) {
  return tl::unexpected<Conflict>({std::move(what), std::move(why), false});
}

[[nodiscard]] inline tl::unexpected<Conflict> overflow(std::string what, Provenances why) {
  return tl::unexpected<Conflict>({std::move(what), std::move(why), true});
}

}  // namespace millrace
