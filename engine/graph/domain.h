// SPDX-License-Identifier: MIT
// Domain: the ports that could share one pool: a producer's output, the stages behind it that work
// in place, and the consumer at the end.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/graph/negotiation.h"

namespace millrace {

struct DomainPort {
  const StageOffer* stage = nullptr;
  const PortOffer* port = nullptr;
  std::vector<Alternative> alternatives;  ///< with names and sizes filled in; at least one

  [[nodiscard]] std::string name() const { return stage->stage + "." + port->name; }
};

struct Domain {
  /// Link `i` joins ports `2 i` and `2 i + 1`.
  std::vector<DomainPort> ports;
  std::vector<size_t> links;  ///< indices into NegotiationInput::links
};

/// All domains, upstream first. The domains point into `input`, whose names are filled in.
/// Errors: `usage` for links to ports that nobody offers, `unavailable` for ends that speak of
/// different kinds of stream.
[[nodiscard]] Result<std::vector<Domain>> find_domains(const NegotiationInput& input);

}  // namespace millrace
