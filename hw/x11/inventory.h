// SPDX-License-Identifier: MIT
// What an X11 display has to offer, asked once: for listings, for `--source auto`, and for error
// messages that name the nearest. Every call opens a connection of its own and closes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/x11/target.h"

namespace millrace::x11 {

struct DisplayFacts {
  std::string name;       ///< ":0", as asked for or as $DISPLAY says
  std::string vendor;     ///< "The X.Org Foundation 12101007"
  Area screen{};          ///< of the default screen
  bool xwayland = false;  ///< an X server inside a Wayland session: only X clients are seen
  std::string obstacle;   ///< why it cannot be captured: "MIT-SHM is missing"; empty: it can
};

struct MonitorInfo {
  std::string name;  ///< what `monitor:NAME` takes: UTF-8 without control characters
  Area area{};
  bool primary = false;
};

struct WindowInfo {
  uint32_t id = 0;    ///< what `window:ID` takes
  std::string title;  ///< UTF-8 without control characters; empty: it has none
  Area area{};        ///< on the screen, without its border
  bool viewable = false;
};

/// Errors: `unavailable` when there is no display, or nothing answers under its name; `source_lost`
/// when it stops to answer. An empty `display` is $DISPLAY.
[[nodiscard]] MILLRACE_API Result<DisplayFacts> query_display(const std::string& display = {});

struct TargetList {
  std::vector<MonitorInfo> monitors;  ///< in RandR's order
  /// The window manager's list (_NET_CLIENT_LIST), oldest first; without one the mapped children of
  /// the root, lowest first.
  std::vector<WindowInfo> windows;
};

/// Over one connection.
[[nodiscard]] MILLRACE_API Result<TargetList> list_targets(const std::string& display = {});

}  // namespace millrace::x11
