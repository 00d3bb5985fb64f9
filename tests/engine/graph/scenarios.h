// SPDX-License-Identifier: MIT
// The graphs whose plans are kept in tests/scenarios/NAME.plan.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/negotiation.h"

namespace millrace::test {

struct Scenario {
  std::string name;   ///< of the golden file
  std::string story;  ///< one sentence, the file's first line
  NegotiationInput input;
};

[[nodiscard]] std::vector<Scenario> all_scenarios();

}  // namespace millrace::test
