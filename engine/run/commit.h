// SPDX-License-Identifier: MIT
// Commit: from offers to a plan that every stage has agreed to, with its pools allocated.
//
// A stage that cannot live with what was decided answers with the constraint that it learned; the
// plan is solved again with it. A stage's own alternative that was refused is not tried twice, so
// this ends.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "engine/graph/graph.h"
#include "engine/graph/negotiation.h"
#include "engine/memory/allocator_set.h"
#include "engine/memory/pool.h"
#include "engine/observe/ledger.h"
#include "engine/run/pool_files.h"

namespace millrace {

struct Committed {
  Plan plan;
  std::unique_ptr<observe::Ledger> ledger;
  std::vector<Ref<BufferPool>> pools;                           ///< by pool id
  std::shared_ptr<PoolFiles> files;                             ///< of these and their successors
  std::map<uint32_t, observe::Ledger::Account*> copy_accounts;  ///< by edge id, copied edges only
};

[[nodiscard]] Result<Committed> commit(const Graph& graph, NegotiationInput input,
                                       const AllocatorSet& allocators);

}  // namespace millrace
