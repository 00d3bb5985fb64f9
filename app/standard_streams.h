// SPDX-License-Identifier: MIT
// Results on stdout, everything else on stderr; what cannot be written is found out, never thrown.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::app {

/// Fills the descriptors 0, 1 and 2 where the caller left one closed: the next file that is opened
/// would become stdout otherwise, and get our results written into it. Call first of all.
void fill_standard_descriptors();

/// Whether `path` is the very file or pipe that `fd` is open for, under whatever name.
[[nodiscard]] bool leads_to(const std::string& path, int fd);

/// Text for stdout; a failure shows in `check_results`.
void put_result(std::string_view text);

/// Text for stderr, in one write.
void put_message(std::string_view text);

/// Hands stdout over to whoever writes something else than results there; those go to stderr from
/// now on. Errors: `output_failed`.
[[nodiscard]] Result<UniqueFd> take_stdout();

/// Whether everything that was put on stdout got there. Errors: `output_failed`.
[[nodiscard]] Result<> check_results();

}  // namespace millrace::app
