// SPDX-License-Identifier: MIT
#include "engine/memory/allocator_registry.h"

#include <algorithm>
#include <utility>

#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"

namespace millrace {

AllocatorRegistry& AllocatorRegistry::process() {
  // Never destroyed: threads that outlive main still find what they look for.
  static auto* const registry = new AllocatorRegistry;
  return *registry;
}

AllocatorRegistry::AllocatorRegistry() {
  const auto host = std::make_shared<SystemAllocator>();
  heaps_.add({std::make_shared<MemfdAllocator>(), UINT64_MAX, "memfd_create"});
  heaps_.add({host, UINT64_MAX, "malloc"});
  defaults_.push_back(host);
}

Result<> AllocatorRegistry::add(AllocatorSet::Entry entry) {
  if (!entry.allocator || entry.allocator->heap().empty()) {
    return fail(ErrorKind::usage, "register an allocator: there is none, or its heap has no name",
                "Give one whose heap() is what stages ask for.");
  }
  if (entry.origin.empty()) entry.origin = "registered by the program: it";
  // What is replaced goes after the lock does: its destructor is somebody else's.
  AllocatorSet before;
  const Lock lock(mutex_);
  before = heaps_;
  heaps_.add(std::move(entry));
  return {};
}

std::shared_ptr<Allocator> AllocatorRegistry::find(std::string_view heap) const {
  const Lock lock(mutex_);
  for (const AllocatorSet::Entry& entry : heaps_.entries()) {
    if (entry.allocator->heap() == heap) return entry.allocator;
  }
  return nullptr;
}

AllocatorSet AllocatorRegistry::heaps() const {
  const Lock lock(mutex_);
  return heaps_;
}

Result<> AllocatorRegistry::set_default(std::shared_ptr<Allocator> allocator) {
  if (!allocator) return fail(ErrorKind::usage, "set the default allocator: there is no object");
  const Lock lock(mutex_);
  const auto known = std::ranges::find(defaults_, allocator);
  if (known != defaults_.end()) {
    std::rotate(known, known + 1, defaults_.end());
  } else {
    defaults_.push_back(std::move(allocator));
  }
  return {};
}

Allocator& AllocatorRegistry::default_allocator() const {
  const Lock lock(mutex_);
  return *defaults_.back();
}

}  // namespace millrace
