// SPDX-License-Identifier: MIT
#include "engine/memory/allocator_set.h"

#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"

namespace millrace {

AllocatorSet AllocatorSet::standard() {
  AllocatorSet set;
  set.entries_.push_back({std::make_shared<MemfdAllocator>(), UINT64_MAX, "memfd_create"});
  set.entries_.push_back({std::make_shared<SystemAllocator>(), UINT64_MAX, "malloc"});
  return set;
}

void AllocatorSet::prefer(Entry entry) {
  entries_.insert(entries_.begin(), std::move(entry));
}

Allocator* AllocatorSet::find(std::string_view heap) const {
  for (const Entry& entry : entries_) {
    if (entry.allocator->heap() == heap) return entry.allocator.get();
  }
  return nullptr;
}

}  // namespace millrace
