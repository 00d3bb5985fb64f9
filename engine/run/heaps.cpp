// SPDX-License-Identifier: MIT
#include "engine/run/heaps.h"

#include <algorithm>

namespace millrace {

Allocator* Heaps::find(const PlanPool& pool) const {
  if (Allocator* const allocator = machine_.find(pool.heap)) return allocator;
  const std::optional<std::string> port = lender(pool);
  return port ? lent_by(*port, pool.heap) : nullptr;
}

std::optional<std::string> Heaps::lender(const PlanPool& pool) const {
  if (machine_.find(pool.heap)) return std::nullopt;
  const auto lends = [&](const std::string& port) { return lent_by(port, pool.heap) != nullptr; };
  const auto port = std::ranges::find_if(pool.members, lends);
  return port == pool.members.end() ? std::nullopt : std::optional(*port);
}

Allocator* Heaps::lent_by(const std::string& port, const std::string& heap) const {
  Stage* const stage = graph_.stage(std::string_view(port).substr(0, port.rfind('.')));
  return stage ? stage->lend(heap) : nullptr;
}

}  // namespace millrace
