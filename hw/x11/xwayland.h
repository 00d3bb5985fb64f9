// SPDX-License-Identifier: MIT
// Xwayland: an X server inside a Wayland session, on which only X clients are seen.
//
// From 23.1 on it has an extension that says so; before, only the names of its RandR outputs do.
// https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/xwaylandproto.txt
#pragma once

#include <span>
#include <string>

#include "engine/base/export.h"
#include "hw/x11/connection.h"

namespace millrace::x11 {

/// True for names as Xwayland gives them, "XWAYLAND0". Pure.
[[nodiscard]] MILLRACE_API bool are_xwayland_outputs(std::span<const std::string> names);

/// Errors: `source_lost` when the server stops to answer, `cancelled`.
[[nodiscard]] Result<bool> is_xwayland(Connection& connection);

}  // namespace millrace::x11
