// SPDX-License-Identifier: MIT
// Client: the moving client (tests/x11/moving_client.cpp) at work on a display.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/x11/process.h"

namespace millrace::x11::test {

class Client {
 public:
  /// Returns when its first picture is on the display. Throws where that does not happen.
  Client(const std::string& display, std::vector<std::string> options);

  [[nodiscard]] uint32_t window() const { return window_; }

  /// Gives it a line ("resize 320x240") that is carried out on return. Returns how many pictures it
  /// has drawn so far.
  uint32_t tell(const std::string& line);

 private:
  Process process_;
  uint32_t window_ = 0;
};

}  // namespace millrace::x11::test
