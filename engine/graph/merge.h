// SPDX-License-Identifier: MIT
// Merging: what several ports say about one number becomes one number, with the constraints that
// are tight for it: those without which it would be another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/conflict.h"
#include "engine/graph/constraints.h"

namespace millrace {

/// The same field of several ports, in the order of the ports.
using Facts = std::vector<Fact<uint64_t>>;

/// Appends what `into` does not hold yet.
MILLRACE_API void add_reasons(Provenances& into, const Provenances& reasons);

[[nodiscard]] MILLRACE_API Provenances reasons_of(const Facts& facts);

/// "source.out: stride=322 (user)": one constraint in an error or a report.
[[nodiscard]] MILLRACE_API std::string describe(const Provenance& provenance);
[[nodiscard]] MILLRACE_API std::string describe(const Provenances& provenances);

/// The least common multiple; 1 where nobody asks. Errors: an alignment of 0, overflow.
[[nodiscard]] MILLRACE_API Solved<Figure> merge_alignments(const Facts& facts,
                                                           std::string_view what);

/// The greatest lower bound or the least upper bound, with those who ask for it; empty where nobody
/// does.
[[nodiscard]] MILLRACE_API std::optional<Figure> greatest(const Facts& facts);
[[nodiscard]] MILLRACE_API std::optional<Figure> least(const Facts& facts);

/// The one value that all name; empty where nobody does. Errors: two values.
[[nodiscard]] MILLRACE_API Solved<std::optional<Figure>> merge_equal(const Facts& facts,
                                                                     std::string_view what);

/// `value` rounded up to a multiple of all alignments; those that changed it join its reasons.
[[nodiscard]] MILLRACE_API Solved<Figure> round_up(const Figure& value, const Facts& alignments,
                                                   std::string_view what);

/// `value` or the greatest bound above it.
[[nodiscard]] MILLRACE_API Figure raise_to(const Figure& value, const Facts& bounds);

}  // namespace millrace
