// SPDX-License-Identifier: MIT
// Opening a file to read, with errors that a user of `-s file:PATH` can act on.
#pragma once

#include <string>

#include "engine/base/unique_fd.h"

namespace millrace::avformat {

/// Errors: `unavailable` for a path that is absent, `usage` for one that is no file, `denied`.
[[nodiscard]] Result<UniqueFd> open_input_file(const std::string& path);

}  // namespace millrace::avformat
