// SPDX-License-Identifier: MIT
// What standard error is: decides on colour, on the progress line and on questions.
#pragma once

#include "app/options.h"

namespace millrace::app {

struct Terminal {
  bool errors = false;  ///< stderr is a terminal that can rewrite a line
  bool person = false;  ///< stdin and stderr are terminals, however simple
  bool color = false;   ///< stderr takes colour

  /// Somebody is there to answer.
  [[nodiscard]] bool interactive() const { return person; }
};

/// By isatty, TERM, NO_COLOR (https://no-color.org) and --color.
[[nodiscard]] Terminal look_at_terminal(When color);

}  // namespace millrace::app
