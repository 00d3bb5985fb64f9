// SPDX-License-Identifier: MIT
// A thread with a name that shows in top, gdb and the dashboard.
#pragma once

#include <string>
#include <thread>
#include <utility>

#include "engine/base/export.h"

namespace millrace {

/// Names the calling thread; Linux keeps the first 15 bytes.
MILLRACE_API void name_this_thread(const std::string& name);

/// Starts a joining thread that calls `body(std::stop_token)` under `name`.
template <class Body>
[[nodiscard]] std::jthread start_thread(std::string name, Body body) {
  return std::jthread(
      [name = std::move(name), body = std::move(body)](std::stop_token stop) mutable {
        name_this_thread(name);
        body(std::move(stop));
      });
}

}  // namespace millrace
