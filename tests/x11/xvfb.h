// SPDX-License-Identifier: MIT
// Xvfb: an X server of a test's own, on a display number that it finds for itself.
#pragma once

#include <string>
#include <vector>

#include "tests/x11/process.h"

namespace millrace::x11::test {

class Xvfb {
 public:
  /// `screen` is "640x480x24". Throws where it does not come up.
  explicit Xvfb(const std::string& screen, const std::vector<std::string>& more = {});

  /// ":7"
  [[nodiscard]] const std::string& display() const { return display_; }

  /// Its clients lose it at once; its lock and socket are removed.
  void kill();

  [[nodiscard]] pid_t pid() const { return process_.pid(); }

 private:
  Process process_;
  std::string display_;
};

/// Whether there is such a server on this machine; a test without it says so and is skipped.
[[nodiscard]] bool has_xvfb();

}  // namespace millrace::x11::test
