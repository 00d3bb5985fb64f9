// SPDX-License-Identifier: MIT
// The known word that an unknown one was probably meant to be.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace millrace::app {

/// Letters to insert, delete, change or swap with their neighbour to get from one to the other.
[[nodiscard]] size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate closest to `word`, or nothing where none is close enough to be a slip of the
/// fingers. The first wins among equals.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string> candidates);

/// "did you mean X?", or empty.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string> candidates);

}  // namespace millrace::app
