// SPDX-License-Identifier: MIT
#include "app/terminal.h"

#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace millrace::app {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return !term || std::string_view(term) == "dumb";
}

}  // namespace

Terminal look_at_terminal(When color) {
  Terminal terminal;
  terminal.errors = isatty(STDERR_FILENO) != 0 && !is_dumb();
  terminal.person = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
  terminal.color =
      color == When::always || (color == When::automatic && terminal.errors && !is_set("NO_COLOR"));
  return terminal;
}

}  // namespace millrace::app
