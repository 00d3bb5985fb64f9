// SPDX-License-Identifier: MIT
// What the program says about itself, all of it made from the table of keys.
#pragma once

#include <string>

#include "app/options.h"

namespace millrace::app {

/// -h: a screenful; --help: examples first, then every option with unit, default and key.
[[nodiscard]] std::string help_text(Command command, HelpForm form);

/// configs/README.md: every key with option, unit, default and help.
[[nodiscard]] std::string key_reference();

}  // namespace millrace::app
