// SPDX-License-Identifier: MIT
// Heaps: where a pool's memory may come from. Memory that a stage lends is tried first, in the
// order of the ports, then the machine's heaps in their order.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/conflict.h"
#include "engine/graph/domain.h"
#include "engine/graph/merge.h"

namespace millrace {

/// One port with the alternative under which it takes part.
struct Member {
  const DomainPort* port = nullptr;
  const Alternative* alternative = nullptr;
};

struct HeapChoice {
  std::string name;    ///< empty: the producer's own memory without a name
  std::string reason;  ///< one sentence, with what was passed over and why
  size_t rank = 0;     ///< place in the order of trials
};

struct HeapNeeds {
  const std::vector<Member>& members;
  const std::vector<HeapFact>& machine;
  Figure alloc;           ///< bytes of one buffer
  bool cpu_copy = false;  ///< the copy engine, which is the CPU, reads or fills the buffers
};

[[nodiscard]] Solved<HeapChoice> choose_heap(const HeapNeeds& needs);

/// The alignment that the first byte of each buffer must have.
[[nodiscard]] Solved<Figure> merge_address_alignment(const std::vector<Member>& members,
                                                     const Fact<uint64_t>& page_size);

}  // namespace millrace
