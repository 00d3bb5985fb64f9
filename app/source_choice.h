// SPDX-License-Identifier: MIT
// What `--source auto` stands for, here and now.
#pragma once

#include <optional>
#include <string>

#include "app/values.h"
#include "engine/base/result.h"

namespace millrace::app {

/// What the environment of the process says about desktops.
struct Session {
  std::string display;  ///< $DISPLAY
  std::string wayland;  ///< $WAYLAND_DISPLAY; "wayland" where only $XDG_SESSION_TYPE says so
  static Session of_environment();
};

/// Puts the chosen kind into `values` where it is `auto`, and says which and why; nothing where the
/// user has chosen. Asks the display whether it answers. Errors: `unavailable` in a Wayland
/// session, whose windows X11 does not see.
[[nodiscard]] Result<std::optional<std::string>> choose_source(Values& values,
                                                               const Session& session);

}  // namespace millrace::app
