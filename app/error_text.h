// SPDX-License-Identifier: MIT
// An Error as a person reads it: "error[E0002]: unknown option --sise. Did you mean --size?"
#pragma once

#include <string>

#include "app/exit_code.h"
#include "engine/base/log.h"
#include "engine/base/result.h"

namespace millrace::app {

/// "E0002": the same for every error of one kind, today and in later versions; its number is that
/// of the exit code.
[[nodiscard]] std::string error_id(ErrorKind kind);

/// One line, without a line feed.
[[nodiscard]] std::string error_text(const Error& error);

/// The same as one JSON object: {"v":1,"type":"error","id":…,"what":…,"remedy":…,"exit":…}.
[[nodiscard]] std::string error_json(const Error& error);

/// Prints the error on stderr, as text or as JSON, and returns its exit code.
ExitCode report_error(const Error& error, log::Form form);

}  // namespace millrace::app
