// SPDX-License-Identifier: MIT
#include "app/error_text.h"

#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/standard_streams.h"

namespace millrace::app {
namespace {

/// As the start of a sentence of its own, and with its full stop. The program's name is a word to
/// type, and stays as it is.
std::string sentence(std::string text) {
  if (text.empty()) return text;
  if (!text.starts_with("millrace ")) {
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  }
  if (std::string_view(".?!").find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

}  // namespace

std::string error_id(ErrorKind kind) {
  return fmt::format("E{:04}", static_cast<int>(exit_code(kind)));
}

std::string error_text(const Error& error) {
  std::string line = fmt::format("error[{}]: {}", error_id(error.kind), one_line(error.what));
  if (!error.remedy.empty()) line += ". " + sentence(one_line(error.remedy));
  return line;
}

std::string error_json(const Error& error) {
  const nlohmann::ordered_json object = {
      {"v", 1},
      {"type", "error"},
      {"id", error_id(error.kind)},
      {"what", error.what},
      {"remedy", error.remedy},
      {"exit", static_cast<int>(exit_code(error.kind))},
  };
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

ExitCode report_error(const Error& error, log::Form form) {
  const std::string line = form == log::Form::json ? error_json(error) : error_text(error);
  put_message(fmt::format("{}\n", line));
  return exit_code(error.kind);
}

}  // namespace millrace::app
