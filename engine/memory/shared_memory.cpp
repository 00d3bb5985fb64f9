// SPDX-License-Identifier: MIT
#include "engine/memory/shared_memory.h"

namespace millrace {

Result<Ref<Memory>> SharedMemory::create(Memory& whole, size_t offset, size_t size) {
  Memory& root = whole.parent() ? *whole.parent() : whole;
  if (!root.add_owner(AccessWord::child_weight, 1)) {
    return fail(ErrorKind::busy, "share a part of memory: it is being written, or has 1000 parts",
                "Close the write view first.");
  }
  MemoryFacts facts = whole.facts_;
  facts.flags.read_only = true;
  // Beside a part of the visible bytes lie others of them.
  facts.flags.zero_prefixed &= offset == whole.facts_.offset;
  facts.flags.zero_padded &= offset + size == whole.facts_.offset + whole.facts_.size;
  facts.offset = offset;
  facts.size = size;
  facts.align = 1;
  return Ref<Memory>::adopt(new SharedMemory(root, facts));
}

}  // namespace millrace
