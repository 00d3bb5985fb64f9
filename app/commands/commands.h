// SPDX-License-Identifier: MIT
// The commands. Each prints its result on stdout and everything else on stderr.
#pragma once

#include "app/exit_code.h"
#include "app/options.h"
#include "app/terminal.h"
#include "engine/base/result.h"

namespace millrace::app {

/// `record` and `run`, which differ only in where their settings come from.
[[nodiscard]] Result<ExitCode> record(const Options& options, const Terminal& terminal);
[[nodiscard]] Result<ExitCode> graph(const Options& options);
[[nodiscard]] Result<ExitCode> list(const Options& options);
[[nodiscard]] Result<ExitCode> probe(const Options& options);

}  // namespace millrace::app
