// SPDX-License-Identifier: MIT
// The output's name, and the looks at it that cost nothing: none of these opens or makes a file.
#pragma once

#include <ctime>
#include <functional>
#include <string>

#include "app/pipeline_config.h"
#include "engine/base/result.h"

namespace millrace::app {

/// `pattern` with its strftime fields filled in for `when`. Errors: `usage` for a field that would
/// put a slash or a line feed into the name, or that does not exist; "%%" is a percent sign.
[[nodiscard]] Result<std::string> expand_path(const std::string& pattern, const std::tm& when);

/// Asks a person a question with yes or no for an answer.
using Ask = std::function<bool(const std::string& question)>;

/// May `path` be written, as far as the user's wishes go? True where an existing regular file is
/// to be replaced. `ask` is empty where nobody is there to answer. Errors: `usage` where the file
/// exists and must stay, or is the very file that is read.
[[nodiscard]] Result<bool> may_replace(const std::string& path, Overwrite wish,
                                       const SourceSettings& source, const Ask& ask);

/// Asks on the terminal.
[[nodiscard]] bool ask_on_terminal(const std::string& question);

}  // namespace millrace::app
