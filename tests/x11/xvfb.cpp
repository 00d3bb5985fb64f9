// SPDX-License-Identifier: MIT
#include "tests/x11/xvfb.h"

#include <filesystem>
#include <stdexcept>

#include <signal.h>

namespace millrace::x11::test {
namespace {

std::vector<std::string> command(const std::string& screen, const std::vector<std::string>& more) {
  // -noreset: the server stays as it is when its last client leaves.
  std::vector<std::string> words = {"Xvfb", "-displayfd", "1",   "-screen", "0",
                                    screen, "-nolisten",  "tcp", "-ac",     "-noreset"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

Xvfb::Xvfb(const std::string& screen, const std::vector<std::string>& more)
    : process_(command(screen, more), {}) {
  const std::optional<std::string> number = process_.line();
  if (!number) throw std::runtime_error("Xvfb did not come up");
  display_ = ":" + *number;
}

void Xvfb::kill() {
  process_.end(SIGTERM);
}

bool has_xvfb() {
  return std::filesystem::exists("/usr/bin/Xvfb");
}

}  // namespace millrace::x11::test
