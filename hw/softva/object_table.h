// SPDX-License-Identifier: MIT
// ObjectTable gives objects of one kind their ids. An object lives as long as somebody holds it, so
// a client may destroy what a picture in flight still uses.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <va/va.h>

#include "engine/base/mutex.h"

namespace millrace::softva {

/// Ids come from [first, first + 2^24) and are not used again before the range has been walked, so
/// a destroyed id stays invalid for long. Thread-safe.
template <class Object>
class ObjectTable {
 public:
  explicit ObjectTable(VAGenericID first) : first_(first) {}

  VAGenericID add(std::shared_ptr<Object> object) {
    Lock lock(mutex_);
    while (objects_.contains(first_ + next_)) next_ = (next_ + 1) % range;
    const VAGenericID id = first_ + next_;
    objects_.emplace(id, std::move(object));
    next_ = (next_ + 1) % range;
    return id;
  }

  /// Null where no such object lives.
  [[nodiscard]] std::shared_ptr<Object> find(VAGenericID id) const {
    Lock lock(mutex_);
    const auto found = objects_.find(id);
    return found == objects_.end() ? nullptr : found->second;
  }

  /// Takes the object out; null where there was none.
  std::shared_ptr<Object> remove(VAGenericID id) {
    Lock lock(mutex_);
    const auto found = objects_.find(id);
    if (found == objects_.end()) return nullptr;
    std::shared_ptr<Object> object = std::move(found->second);
    objects_.erase(found);
    return object;
  }

 private:
  static constexpr uint32_t range = 1U << 24;

  const VAGenericID first_;
  mutable Mutex mutex_;
  uint32_t next_ MILLRACE_GUARDED_BY(mutex_) = 0;
  std::unordered_map<VAGenericID, std::shared_ptr<Object>> objects_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace::softva
