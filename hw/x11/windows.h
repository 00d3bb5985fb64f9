// SPDX-License-Identifier: MIT
// Windows: what the server and the window manager know about them.
#pragma once

#include <optional>
#include <vector>

#include "hw/x11/connection.h"
#include "hw/x11/inventory.h"

namespace millrace::x11 {

/// The facts that a capture needs; no value for a window that does not exist (any more).
struct WindowFacts {
  xcb_visualid_t visual = 0;
  uint8_t depth = 0;
  bool input_only = false;
  bool viewable = false;  ///< it and all its ancestors are mapped
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t border = 0;  ///< pixels
};

[[nodiscard]] Result<std::optional<WindowFacts>> query_window(Connection& connection,
                                                              xcb_window_t window);

/// From the window's parent up to, and without, the root.
[[nodiscard]] Result<std::vector<xcb_window_t>> ancestors_of(Connection& connection,
                                                             xcb_window_t window);

/// _NET_WM_NAME, else WM_NAME, else nothing.
[[nodiscard]] Result<std::string> title_of(Connection& connection, xcb_window_t window);

[[nodiscard]] Result<std::vector<WindowInfo>> query_windows(Connection& connection);

}  // namespace millrace::x11
