// SPDX-License-Identifier: MIT
// Arithmetic on sizes that come from outside: an empty optional instead of a wrapped number.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>

namespace millrace {

template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checked_add(T a, T b) {
  T sum{};
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checked_mul(T a, T b) {
  T product{};
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// `value` rounded up to a multiple of `step` (step > 0; not necessarily a power of two).
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_round_up(T value, T step) {
  const T rest = value % step;
  return rest == 0 ? std::optional<T>(value) : checked_add<T>(value, step - rest);
}

/// The least common multiple (a, b > 0).
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_lcm(T a, T b) {
  return checked_mul<T>(a / std::gcd(a, b), b);
}

}  // namespace millrace
