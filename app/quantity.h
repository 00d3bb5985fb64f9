// SPDX-License-Identifier: MIT
// Numbers out of text, exactly: what the parsers of units are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/result.h"

namespace millrace::app {

/// A decimal number, exactly: `digits` / `scale`.
struct Decimal {
  uint64_t digits = 0;
  uint64_t scale = 1;
};

/// A number and the letters behind it.
struct Quantity {
  Decimal number;
  std::string_view unit;
};

/// Digits and nothing else; nothing where it does not fit.
[[nodiscard]] std::optional<uint64_t> whole_number(std::string_view text);

/// "1.5"; nothing where it is something else, or has more digits than fit.
[[nodiscard]] std::optional<Decimal> decimal(std::string_view text);

/// "1.5min"; the unit may be empty.
[[nodiscard]] std::optional<Quantity> quantity(std::string_view text);

/// number x factor in whole units, rounded down; nothing where it does not fit.
[[nodiscard]] std::optional<uint64_t> scaled(Decimal number, uint64_t factor);

/// `usage`: "TEXT" is not a WHAT: WHY. Write it like EXAMPLE.
[[nodiscard]] Failure refuse(std::string_view what, std::string_view text, std::string_view why,
                             std::string_view example);

}  // namespace millrace::app
