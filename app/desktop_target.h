// SPDX-License-Identifier: MIT
// Which part of a desktop a source names.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "hw/x11/target.h"

namespace millrace::app {

/// Of the kinds x11, monitor (its name), region ("1280x720+0+0", with + and a minus sign for places
/// left of or above the screen: "+-10+5") and window ("0x3a00007" or decimal). Errors: `usage`.
[[nodiscard]] Result<x11::Target> desktop_target(std::string_view kind, std::string_view id);

}  // namespace millrace::app
