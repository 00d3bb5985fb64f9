// SPDX-License-Identifier: MIT
#include "engine/graph/merge.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/checked.h"

namespace millrace {
namespace {

std::string numbers(const Facts& facts) {
  std::string text;
  for (const auto& fact : facts) text += fmt::format("{}{}", text.empty() ? "" : ", ", fact.value);
  return text;
}

/// Those alignments without which `value` would be rounded to another number; where several ask for
/// the same, all that had a say.
Provenances tight_alignments(uint64_t value, uint64_t rounded, const Facts& alignments) {
  Provenances sole;
  Provenances all;
  for (size_t skipped = 0; skipped < alignments.size(); ++skipped) {
    uint64_t others = 1;
    for (size_t index = 0; index < alignments.size(); ++index) {
      if (index != skipped) others = *checked_lcm(others, alignments[index].value);
    }
    const Provenances own{alignments[skipped].why};
    if (checked_round_up(value, others) != rounded) add_reasons(sole, own);
    if (value % alignments[skipped].value != 0) add_reasons(all, own);
  }
  return sole.empty() ? all : sole;
}

Figure bound(uint64_t value, const Facts& facts) {
  Figure figure{value, {}};
  for (const auto& fact : facts) {
    if (fact.value == value) add_reasons(figure.why, {fact.why});
  }
  return figure;
}

}  // namespace

void add_reasons(Provenances& into, const Provenances& reasons) {
  for (const Provenance& reason : reasons) {
    if (std::ranges::find(into, reason) == into.end()) into.push_back(reason);
  }
}

Provenances reasons_of(const Facts& facts) {
  Provenances reasons;
  for (const auto& fact : facts) add_reasons(reasons, {fact.why});
  return reasons;
}

std::string describe(const Provenance& provenance) {
  return fmt::format("{}.{}: {} ({})", provenance.stage, provenance.port, provenance.raw,
                     to_string(provenance.origin));
}

std::string describe(const Provenances& provenances) {
  std::string text;
  for (const Provenance& reason : provenances) {
    text += (text.empty() ? "" : "; ") + describe(reason);
  }
  return text;
}

Solved<Figure> merge_alignments(const Facts& facts, std::string_view what) {
  Figure merged{1, {}};
  for (const auto& fact : facts) {
    if (fact.value == 0) {
      return conflict(fmt::format("{}: an alignment of 0 can never be met", what), {fact.why});
    }
    const auto multiple = checked_lcm(merged.value, fact.value);
    if (!multiple) {
      return overflow(
          fmt::format("{}: the least common multiple of {} exceeds 64 bits", what, numbers(facts)),
          reasons_of(facts));
    }
    merged.value = *multiple;
    if (fact.value > 1) add_reasons(merged.why, {fact.why});
  }
  return merged;
}

std::optional<Figure> greatest(const Facts& facts) {
  if (facts.empty()) return std::nullopt;
  return bound(std::ranges::max(facts, {}, &Fact<uint64_t>::value).value, facts);
}

std::optional<Figure> least(const Facts& facts) {
  if (facts.empty()) return std::nullopt;
  return bound(std::ranges::min(facts, {}, &Fact<uint64_t>::value).value, facts);
}

Solved<std::optional<Figure>> merge_equal(const Facts& facts, std::string_view what) {
  if (facts.empty()) return std::nullopt;
  for (const auto& fact : facts) {
    if (fact.value != facts.front().value) {
      return conflict(fmt::format("{}: {} against {}", what, facts.front().value, fact.value),
                      {facts.front().why, fact.why});
    }
  }
  return Figure{facts.front().value, reasons_of(facts)};
}

Solved<Figure> round_up(const Figure& value, const Facts& alignments, std::string_view what) {
  const Solved<Figure> merged = merge_alignments(alignments, what);
  if (!merged) return tl::unexpected<Conflict>(merged.error());
  const auto rounded = checked_round_up(value.value, merged->value);
  if (!rounded) {
    return overflow(fmt::format("{}: {} rounded up to a multiple of {} exceeds 64 bits", what,
                                value.value, merged->value),
                    reasons_of(alignments));
  }
  Figure figure{*rounded, value.why};
  add_reasons(figure.why, tight_alignments(value.value, *rounded, alignments));
  return figure;
}

Figure raise_to(const Figure& value, const Facts& bounds) {
  const std::optional<Figure> bound = greatest(bounds);
  if (!bound || bound->value <= value.value) return value;
  return *bound;
}

}  // namespace millrace
