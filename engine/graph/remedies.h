// SPDX-License-Identifier: MIT
// Remedies: the smallest changes of what the user set that make a copied edge shared, each verified
// by solving again.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/conflict_core.h"

namespace millrace {

[[nodiscard]] std::vector<std::string> find_remedies(const NegotiationInput& input,
                                                     const Core& core);

}  // namespace millrace
