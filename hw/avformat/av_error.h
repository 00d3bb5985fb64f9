// SPDX-License-Identifier: MIT
// Errors of libav as ours.
#pragma once

#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace::avformat {

/// The text of an AVERROR: "Invalid data found when processing input".
[[nodiscard]] std::string av_text(int code);

/// `what` with libav's text appended. Never `denied`: libav gives EPERM for much that has nothing
/// to do with the user's rights; whoever opens a file does so first, and knows.
[[nodiscard]] MILLRACE_API Failure fail_av(ErrorKind kind, const std::string& what, int code,
                                           std::string remedy = {});

/// What libav itself prints goes to our log at level debug. Safe to call again and again.
void route_av_log();

}  // namespace millrace::avformat
