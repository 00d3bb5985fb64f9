// SPDX-License-Identifier: MIT
// Monitors as RandR 1.5 knows them.
#pragma once

#include <vector>

#include "hw/x11/connection.h"
#include "hw/x11/inventory.h"

namespace millrace::x11 {

[[nodiscard]] Result<std::vector<MonitorInfo>> query_monitors(Connection& connection);

/// The monitor of that name. Errors: `unavailable`, with the names that there are.
[[nodiscard]] Result<MonitorInfo> find_monitor(Connection& connection, const std::string& name);

}  // namespace millrace::x11
