// SPDX-License-Identifier: MIT
#include "tests/x11/client.h"

#include <stdexcept>

namespace millrace::x11::test {
namespace {

std::vector<std::string> command(std::vector<std::string> options) {
  options.insert(options.begin(), MILLRACE_MOVING_CLIENT);
  return options;
}

/// The number behind `word` in its next line.
uint32_t number_after(Process& process, const std::string& word) {
  const std::optional<std::string> line = process.line();
  if (!line || !line->starts_with(word + " ")) {
    throw std::runtime_error("the moving client says '" + line.value_or("nothing") + "'");
  }
  return static_cast<uint32_t>(std::stoul(line->substr(word.size() + 1), nullptr, 0));
}

}  // namespace

Client::Client(const std::string& display, std::vector<std::string> options)
    : process_(command(std::move(options)), {{"DISPLAY", display}}),
      window_(number_after(process_, "window")) {}

uint32_t Client::tell(const std::string& line) {
  process_.tell(line);
  return number_after(process_, "ok");
}

}  // namespace millrace::x11::test
