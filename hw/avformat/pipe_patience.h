// SPDX-License-Identifier: MIT
// How long the reader of a pipe may take.
#pragma once

#include <cstddef>
#include <stop_token>

#include <limits.h>

namespace millrace::avformat {

/// What a pipe takes at once when poll says that it takes something: pipe(7), PIPE_BUF.
inline constexpr size_t pipe_portion = PIPE_BUF;

/// Waits until `fd` takes a portion: for good, but once `stop` is asked for only two seconds for
/// each. 0, or an errno: ETIMEDOUT where the reader does not read.
[[nodiscard]] int wait_for_reader(int fd, const std::stop_token& stop);

}  // namespace millrace::avformat
