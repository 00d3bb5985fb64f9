// SPDX-License-Identifier: MIT
// Offers speak of themselves without names; here every provenance learns its stage and port.
#pragma once

#include "engine/base/export.h"
#include "engine/graph/offer.h"

namespace millrace {

/// Fills in what is empty, nothing else.
MILLRACE_API void fill_in_names(StageOffer& offer);

/// The provenance with names where it has none.
[[nodiscard]] Provenance named(Provenance why, const std::string& stage, const std::string& port);

}  // namespace millrace
