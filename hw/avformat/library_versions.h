// SPDX-License-Identifier: MIT
// Which libav is at work, for people who report what it did.
#pragma once

#include <string>

#include "engine/base/export.h"

namespace millrace::avformat {

/// "libavformat 59.27.100, libavcodec 59.37.100, libswscale 6.7.100": the loaded ones.
[[nodiscard]] MILLRACE_API std::string library_versions();

}  // namespace millrace::avformat
