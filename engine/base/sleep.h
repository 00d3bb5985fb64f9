// SPDX-License-Identifier: MIT
// A sleep that a stop request ends at once.
#pragma once

#include <stop_token>

#include "engine/base/export.h"
#include "engine/base/time.h"

namespace millrace {

/// Sleeps until `moment`; returns at once where that has passed. False when `stop` was asked for.
MILLRACE_API bool sleep_until(Timestamp moment, const std::stop_token& stop);

}  // namespace millrace
