// SPDX-License-Identifier: MIT
#include "hw/x11/printable.h"

#include <algorithm>
#include <array>
#include <optional>

namespace millrace::x11 {
namespace {

struct Character {
  char32_t code;
  size_t bytes;
};

bool is_unicode(const Character& character) {
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};  // by bytes
  const bool surrogate = character.code >= 0xd800 && character.code <= 0xdfff;
  return character.code >= least.at(character.bytes) && character.code <= 0x10ffff && !surrogate;
}

/// The one that `text` begins with; nothing where its bytes are no UTF-8.
std::optional<Character> first_of(std::string_view text) {
  const auto byte = [text](size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) return Character{byte(0), 1};
  if (byte(0) < 0xc2 || byte(0) > 0xf4) return std::nullopt;
  const size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (text.size() < size) return std::nullopt;
  char32_t code = byte(0) & (0x7fU >> size);
  for (size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(at) & 0x3fU);
  }
  const Character character{code, size};
  return is_unicode(character) ? std::optional(character) : std::nullopt;
}

/// What a terminal obeys instead of showing it.
bool commands(char32_t code) {
  const auto within = [code](char32_t first, char32_t last) {
    return code >= first && code <= last;
  };
  return code < 0x20 || within(0x7f, 0x9f) || within(0x2028, 0x202e) || within(0x2066, 0x2069);
}

}  // namespace

std::string printable(std::string_view text, size_t most_bytes) {
  std::string clean;
  while (!text.empty()) {
    const std::optional<Character> character = first_of(text);
    const std::string_view bytes = text.substr(0, character ? character->bytes : 1);
    const std::string_view shown = !character ? "?" : commands(character->code) ? " " : bytes;
    if (clean.size() + shown.size() > most_bytes) break;
    clean += shown;
    text.remove_prefix(bytes.size());
  }
  return clean;
}

}  // namespace millrace::x11
