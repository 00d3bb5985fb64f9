// SPDX-License-Identifier: MIT
// AllocatorRegistry: the heaps that this process knows, each by the name that its allocator gives
// it, and the one that is meant where none is named. Pipelines get them as an AllocatorSet.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/memory/allocator.h"
#include "engine/memory/allocator_set.h"

namespace millrace {

/// Thread-safe. Who finds an allocator owns it together with the registry.
class MILLRACE_API AllocatorRegistry {
 public:
  /// The one of this process.
  static AllocatorRegistry& process();

  /// With "memfd" and "host", which is the default.
  AllocatorRegistry();

  /// Registers a heap, in place of one of the same name; plans that are made from now on know it.
  /// Errors: `usage` without an allocator, and for one whose heap has no name.
  Result<> add(AllocatorSet::Entry entry);

  /// Null where there is none of that name.
  [[nodiscard]] std::shared_ptr<Allocator> find(std::string_view heap) const;

  /// All that are registered now.
  [[nodiscard]] AllocatorSet heaps() const;

  /// Of pools that name no allocator. Each that ever was it lives as long as the registry, since
  /// pools may still use it. It need not be registered. Errors: `usage` without an allocator.
  Result<> set_default(std::shared_ptr<Allocator> allocator);

  [[nodiscard]] Allocator& default_allocator() const;

 private:
  mutable Mutex mutex_;
  AllocatorSet heaps_ MILLRACE_GUARDED_BY(mutex_);
  /// The last one is in force, the others were.
  std::vector<std::shared_ptr<Allocator>> defaults_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace
