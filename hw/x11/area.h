// SPDX-License-Identifier: MIT
// Arithmetic on rectangles of a screen. Pure.
#pragma once

#include <optional>
#include <string>

#include "engine/base/export.h"
#include "hw/x11/target.h"

namespace millrace::x11 {

/// What both cover; nothing where they do not meet.
[[nodiscard]] MILLRACE_API std::optional<Area> intersect(const Area& one, const Area& other);

/// "800x600"
[[nodiscard]] MILLRACE_API std::string size_text(const Area& area);

/// "800x600+10-20"
[[nodiscard]] MILLRACE_API std::string place_text(const Area& area);

}  // namespace millrace::x11
