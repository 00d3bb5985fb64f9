// SPDX-License-Identifier: MIT
// Why there is no connection, in words: from libxcb's numbers (XCB_CONN_…). Pure.
#pragma once

#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace::x11 {

/// Of a display that was asked for as `name`.
[[nodiscard]] MILLRACE_API Error connect_error(const std::string& name, int code);

/// Of a connection that there was.
[[nodiscard]] MILLRACE_API Error lost_error(const std::string& name, int code);

}  // namespace millrace::x11
