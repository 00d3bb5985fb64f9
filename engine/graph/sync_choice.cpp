// SPDX-License-Identifier: MIT
#include "engine/graph/sync_choice.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace millrace {
namespace {

using SyncFacts = std::vector<Fact<SyncKind>>;

std::string_view shown(SyncKind kind) {
  constexpr std::string_view names[] = {"cpu wait", "implicit fence", "sync_file", "timeline"};
  return names[static_cast<size_t>(kind)];
}

SyncFacts or_default(const SyncFacts& facts) {
  return facts.empty() ? SyncFacts{{SyncKind::cpu_wait, {}}} : facts;
}

}  // namespace

std::string sync_note(const Alternative& producer, const Alternative& consumer) {
  if (producer.sync.empty() && consumer.sync.empty()) return {};
  const SyncFacts made = or_default(producer.sync);
  const SyncFacts taken = or_default(consumer.sync);
  for (const auto& fact : made) {
    if (std::ranges::find(taken, fact.value, &Fact<SyncKind>::value) != taken.end()) {
      return fmt::format("; synchronised by {}", shown(fact.value));
    }
  }
  return fmt::format("; synchronised by a bridge from {} to {}", shown(made.front().value),
                     shown(taken.front().value));
}

}  // namespace millrace
