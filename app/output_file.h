// SPDX-License-Identifier: MIT
// The output's name, and the looks at it that cost nothing: none of these opens or makes a file.
#pragma once

#include <ctime>
#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

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
/// exists and must stay, is the very file that is read, or a disk, or where stdout is a terminal;
/// `cancelled` where the answer was no.
[[nodiscard]] Result<bool> may_replace(const std::string& path, Overwrite wish,
                                       const SourceSettings& source, const Ask& ask);

/// `path`, or where that is taken the first of "name-2.mkv", "name-3.mkv", … that is not.
[[nodiscard]] std::string unused_name(const std::string& path);

/// Whether a file may get as large as a frame: frames lie in memory files, which a limit on the
/// size of files (ulimit -f) binds as well. Errors: `output_failed`.
[[nodiscard]] Result<> check_file_limit(uint64_t frame_bytes);

/// Whether something of this kind takes a recording. Errors: `usage` for a disk, which it would
/// destroy; `output_failed` for folders and sockets.
[[nodiscard]] Result<> check_kind(const std::string& path, mode_t mode);

/// Whether at least `min_free` bytes are free where `path` is to be, once an older file of that
/// name is gone. True of pipes, devices, and file systems that do not say. Errors: `output_failed`.
[[nodiscard]] Result<> check_room(const std::string& path, uint64_t min_free);

/// The bytes that a file at `path` may still take; nothing where it is none, or nobody knows.
[[nodiscard]] std::optional<uint64_t> room_for(const std::string& path);

/// Asks on the terminal.
[[nodiscard]] bool ask_on_terminal(const std::string& question);

}  // namespace millrace::app
