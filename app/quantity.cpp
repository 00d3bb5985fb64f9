// SPDX-License-Identifier: MIT
#include "app/quantity.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "engine/base/checked.h"

namespace millrace::app {

std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<Decimal> decimal(std::string_view text) {
  Decimal number;
  bool seen_point = false;
  bool seen_digit = false;
  for (const char c : text) {
    if (c == '.' && !seen_point) {
      seen_point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    seen_digit = true;
    const auto shifted = checked_mul<uint64_t>(number.digits, 10);
    const auto sum =
        shifted ? checked_add<uint64_t>(*shifted, static_cast<uint64_t>(c - '0')) : std::nullopt;
    const auto scale = checked_mul<uint64_t>(number.scale, seen_point ? 10 : 1);
    if (!sum || !scale) return std::nullopt;
    number = {*sum, *scale};
  }
  if (!seen_digit) return std::nullopt;
  return number;
}

std::optional<Quantity> quantity(std::string_view text) {
  const size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<Decimal> number = decimal(text.substr(0, length));
  if (!number) return std::nullopt;
  return Quantity{*number, text.substr(length)};
}

std::optional<uint64_t> scaled(Decimal number, uint64_t factor) {
  const auto product = checked_mul(number.digits, factor);
  if (product) return *product / number.scale;
  // More digits than fit: the last ones say less than one unit.
  if (number.scale == 1) return std::nullopt;
  return scaled({number.digits / 10, number.scale / 10}, factor);
}

Failure refuse(std::string_view what, std::string_view text, std::string_view why,
               std::string_view example) {
  const std::string_view shown = text.substr(0, 80);
  return fail(ErrorKind::usage, fmt::format("\"{}\" is not a {}: {}", shown, what, why),
              fmt::format("write it like {}", example));
}

}  // namespace millrace::app
