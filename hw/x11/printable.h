// SPDX-License-Identifier: MIT
// Text that strangers wrote (titles, names of monitors), fit for a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/export.h"

namespace millrace::x11 {

/// UTF-8 of at most `most_bytes` whole characters: control characters and those that turn the
/// direction of writing are spaces, bytes that are no UTF-8 are question marks.
[[nodiscard]] MILLRACE_API std::string printable(std::string_view text, size_t most_bytes = 256);

}  // namespace millrace::x11
