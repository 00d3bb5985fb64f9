// SPDX-License-Identifier: MIT
// Pending counts the pictures in flight that use an object, and lets others wait until none does.
#pragma once

#include <cstdint>

#include <va/va.h>

#include "engine/base/mutex.h"
#include "engine/base/time.h"

namespace millrace::softva {

/// Thread-safe.
class Pending {
 public:
  void begin() {
    Lock lock(mutex_);
    ++users_;
  }

  /// False, and nothing begun, where a picture already uses the object.
  bool try_begin_alone() {
    Lock lock(mutex_);
    if (users_ > 0) return false;
    ++users_;
    return true;
  }

  /// The caller keeps the object.
  void end() {
    if (end_one()) idle_.notify_all();
  }

  [[nodiscard]] bool busy() const {
    Lock lock(mutex_);
    return users_ > 0;
  }

  void wait() const {
    Lock lock(mutex_);
    while (users_ > 0) idle_.wait(mutex_);
  }

  /// VA_TIMEOUT_INFINITE waits for ever; otherwise false once `timeout_ns` have passed.
  [[nodiscard]] bool wait_for(uint64_t timeout_ns) const {
    constexpr uint64_t longest = 1'000'000'000ULL * 86400 * 365;
    if (timeout_ns > longest) {
      wait();
      return true;
    }
    const Timestamp deadline = now() + Duration(static_cast<int64_t>(timeout_ns));
    Lock lock(mutex_);
    while (users_ > 0)
      if (!idle_.wait_until(mutex_, deadline)) return users_ == 0;
    return true;
  }

 private:
  bool end_one() {
    Lock lock(mutex_);
    return --users_ == 0;
  }

  mutable Mutex mutex_;
  mutable Condition idle_;
  int users_ MILLRACE_GUARDED_BY(mutex_) = 0;
};

}  // namespace millrace::softva
