// SPDX-License-Identifier: MIT
#include "engine/memory/allocator_registry.h"

#include <utility>

#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"

namespace millrace {

AllocatorRegistry& AllocatorRegistry::process() {
  // Never destroyed: threads that outlive main still find what they look for.
  static auto* const registry = new AllocatorRegistry;
  return *registry;
}

AllocatorRegistry::AllocatorRegistry() : default_(std::make_shared<SystemAllocator>()) {
  by_name_.emplace("host", default_);
  by_name_.emplace("memfd", std::make_shared<MemfdAllocator>());
}

Result<> AllocatorRegistry::add(std::string_view name, std::shared_ptr<Allocator> allocator) {
  if (name.empty() || !allocator) {
    return fail(ErrorKind::usage, "register the allocator \"" + std::string(name) +
                                      "\": it needs a name and an object");
  }
  const Lock lock(mutex_);
  // What was there goes after the lock does: its destructor is somebody else's.
  by_name_[std::string(name)].swap(allocator);
  return {};
}

std::shared_ptr<Allocator> AllocatorRegistry::find(std::string_view name) const {
  const Lock lock(mutex_);
  if (name.empty()) return default_;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Result<> AllocatorRegistry::set_default(std::shared_ptr<Allocator> allocator) {
  if (!allocator) return fail(ErrorKind::usage, "set the default allocator: there is no object");
  const Lock lock(mutex_);
  default_.swap(allocator);
  return {};
}

}  // namespace millrace
