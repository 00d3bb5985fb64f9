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
/// user has chosen. Opens nothing: a display that does not answer is an error when it is opened,
/// never a reason to record something else. Errors: `unavailable` in a Wayland session without X11.
[[nodiscard]] Result<std::optional<std::string>> choose_source(Values& values,
                                                               const Session& session);

/// What is said instead of recording a black desktop; `session` names what was seen of Wayland.
[[nodiscard]] Failure hidden_by_wayland(const std::string& session);

}  // namespace millrace::app
