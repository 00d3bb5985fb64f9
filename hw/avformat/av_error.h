// SPDX-License-Identifier: MIT
// Errors of libav as ours.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace millrace::avformat {

/// The text of an AVERROR: "Invalid data found when processing input".
[[nodiscard]] std::string av_text(int code);

/// `what` with libav's text appended. A code that stands for errno EACCES or EPERM is `denied`.
[[nodiscard]] Failure fail_av(ErrorKind kind, const std::string& what, int code,
                              std::string remedy = {});

/// What libav itself prints goes to our log at level debug. Safe to call again and again.
void route_av_log();

}  // namespace millrace::avformat
