// SPDX-License-Identifier: MIT
// The user's own command that is run when a file is finished (--on-saved).
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "app/exit_code.h"
#include "engine/base/result.h"
#include "engine/base/time.h"

namespace millrace::app {

/// What the command is told: $1 and MILLRACE_FILE, MILLRACE_DURATION_SECONDS, MILLRACE_FRAMES,
/// MILLRACE_EXIT_CODE.
struct SavedFile {
  std::string path;
  Duration length{};
  uint64_t frames = 0;
  ExitCode exit_code = ExitCode::done;  ///< that the program is about to end with
};

/// Runs `/bin/sh -c command` and waits for it. The path is never a part of the command's text. It
/// finds signals as a shell would have left them, nothing on stdin, and our stderr for its stdout:
/// ours is for results. It has a process group of its own; when `stop` is asked for, that is sent
/// SIGTERM, and waited for no longer than a second. SIGCHLD must not be ignored. Errors:
/// `internal`, where it cannot be started, is stopped, or does not end with 0.
[[nodiscard]] Result<> run_on_saved(const std::string& command, const SavedFile& saved,
                                    const std::stop_token& stop);

}  // namespace millrace::app
