// SPDX-License-Identifier: MIT
#include "engine/format/pixel_format.h"

#include <algorithm>
#include <cctype>

namespace millrace {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

constexpr bool is_in_order() {
  size_t index = 0;
  for (const PixelFormatFacts& row : pixel_format_table) {
    if (static_cast<size_t>(row.format) != index++) return false;
  }
  return true;
}

static_assert(is_in_order(), "facts() finds a row by its enumerator");

}  // namespace

std::optional<PixelFormat> pixel_format_named(std::string_view name) {
  for (const PixelFormatFacts& row : pixel_format_table) {
    if (equal_ignoring_case(name, row.name)) return row.format;
    if (!row.alias.empty() && equal_ignoring_case(name, row.alias)) return row.format;
  }
  return std::nullopt;
}

}  // namespace millrace
