// SPDX-License-Identifier: MIT
// The values that each kind of key takes.
#include <algorithm>

#include <fmt/format.h>

#include "app/key_table.h"
#include "app/nearest.h"
#include "app/source_spec.h"
#include "app/units.h"
#include "engine/format/pixel_format.h"
#include "engine/stages/paint.h"

namespace millrace::app {
namespace {

std::vector<std::string> words_of(std::string_view choices) {
  std::vector<std::string> words;
  while (!choices.empty()) {
    const size_t end = std::min(choices.find('|'), choices.size());
    words.emplace_back(choices.substr(0, end));
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return words;
}

Result<> check_choice(std::string_view text, std::string_view choices) {
  const std::vector<std::string> words = words_of(choices);
  if (std::ranges::find(words, text) != words.end()) return {};
  std::string remedy = did_you_mean(text, words);
  if (remedy.empty()) remedy = fmt::format("choose one of {}", fmt::join(words, ", "));
  return fail(ErrorKind::usage,
              fmt::format("\"{}\" is not one of {}", text, fmt::join(words, ", ")), remedy);
}

Result<> check_pixel_format(std::string_view text) {
  const std::optional<PixelFormat> format = pixel_format_named(text);
  if (format && can_paint(*format)) return {};
  const std::string_view why =
      format ? "a format that no source here makes" : "no known pixel format";
  return fail(ErrorKind::usage, fmt::format("\"{}\" is {}", text, why),
              "choose one of " + names_of_paintable_formats());
}

/// Whether a parser takes it; its value is of no interest here.
template <class T>
Result<> taken(const Result<T>& parsed) {
  if (!parsed) return fail(parsed.error());
  return {};
}

Result<> check_text(std::string_view text) {
  if (text.empty())
    return fail(ErrorKind::usage, "it is empty", "give it a value, or leave it out");
  if (text.find('\0') == std::string_view::npos) return {};
  return fail(ErrorKind::usage, "it has a zero byte in it", "take the zero byte out");
}

}  // namespace

Result<> check_value(const Key& key, std::string_view text) {
  switch (key.kind) {
    case ValueKind::text:
    case ValueKind::path:
      return check_text(text);
    case ValueKind::source:
      return taken(parse_source_spec(text));
    case ValueKind::size:
      return taken(parse_size(text));
    case ValueKind::rate:
      return taken(parse_rate(text));
    case ValueKind::pixel_format:
      return check_pixel_format(text);
    case ValueKind::duration:
      return taken(parse_duration(text));
    case ValueKind::count:
      return taken(parse_count(text, key.least, key.most));
    case ValueKind::bitrate:
      return taken(parse_bitrate(text));
    case ValueKind::bytes:
      return taken(parse_bytes(text));
    case ValueKind::keyint:
      return taken(parse_keyint(text));
    case ValueKind::flag:
      return taken(parse_flag(text));
    case ValueKind::choice:
      return check_choice(text, key.choices);
  }
  return {};
}

}  // namespace millrace::app
