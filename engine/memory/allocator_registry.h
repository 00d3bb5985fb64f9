// SPDX-License-Identifier: MIT
// AllocatorRegistry: allocators by name, for whoever knows no more of a heap than its name.
// (Which heaps a pipeline may use, and in which order, says its AllocatorSet.)
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/memory/allocator.h"

namespace millrace {

/// Thread-safe. Who finds an allocator owns it together with the registry.
class MILLRACE_API AllocatorRegistry {
 public:
  /// The one of this process.
  static AllocatorRegistry& process();

  /// With "host", which is the default, and "memfd".
  AllocatorRegistry();

  /// Puts `allocator` under `name`, in place of one that was there. Errors: `usage` without a name
  /// or an allocator.
  Result<> add(std::string_view name, std::shared_ptr<Allocator> allocator);

  /// Null where there is none of that name; the default one for no name.
  [[nodiscard]] std::shared_ptr<Allocator> find(std::string_view name = {}) const;

  /// Errors: `usage` without an allocator.
  Result<> set_default(std::shared_ptr<Allocator> allocator);

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::shared_ptr<Allocator>, std::less<>> by_name_
      MILLRACE_GUARDED_BY(mutex_);
  std::shared_ptr<Allocator> default_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace
