// SPDX-License-Identifier: MIT
// Whether soaks and random campaigns run in their long form: tests/run.sh --long, which sets
// MILLRACE_LONG to 1. It is set to 0 otherwise, so it is not enough to ask whether it is set.
#pragma once

#include <cstdlib>
#include <string_view>

namespace millrace::test {

inline bool in_long_form() {
  const char* const wish = std::getenv("MILLRACE_LONG");
  return wish != nullptr && std::string_view(wish) == "1";
}

}  // namespace millrace::test
