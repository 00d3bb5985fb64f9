// SPDX-License-Identifier: MIT
#include "engine/memory/allocator_set.h"

#include <algorithm>
#include <utility>

#include "engine/memory/allocator_registry.h"

namespace millrace {

AllocatorSet AllocatorSet::standard() {
  return AllocatorRegistry::process().heaps();
}

void AllocatorSet::prefer(Entry entry) {
  const auto old = place_of(entry.allocator->heap());
  if (old != entries_.end()) entries_.erase(old);
  entries_.insert(entries_.begin(), std::move(entry));
}

void AllocatorSet::add(Entry entry) {
  const auto old = place_of(entry.allocator->heap());
  if (old == entries_.end()) {
    entries_.push_back(std::move(entry));
  } else {
    *old = std::move(entry);
  }
}

Allocator* AllocatorSet::find(std::string_view heap) const {
  for (const Entry& entry : entries_) {
    if (entry.allocator->heap() == heap) return entry.allocator.get();
  }
  return nullptr;
}

std::vector<AllocatorSet::Entry>::iterator AllocatorSet::place_of(std::string_view heap) {
  return std::ranges::find_if(
      entries_, [heap](const Entry& entry) { return entry.allocator->heap() == heap; });
}

}  // namespace millrace
