// SPDX-License-Identifier: MIT
// Synchronisation: how a consumer learns that the producer is done with a buffer.
#pragma once

#include <string>

#include "engine/graph/constraints.h"

namespace millrace {

/// "; synchronised by sync_file", or which bridge is needed where no way is common. Empty where
/// both sides leave it at the default: the CPU waits before it hands a buffer over.
[[nodiscard]] std::string sync_note(const Alternative& producer, const Alternative& consumer);

}  // namespace millrace
