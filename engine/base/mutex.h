// SPDX-License-Identifier: MIT
// Mutex, Lock and Condition that clang's -Wthread-safety can follow, and GUARDED_BY for the data.
// (On std::mutex clang 14 rejects the annotations.)
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "engine/base/time.h"

#ifdef __clang__
#define MILLRACE_ANNOTATE(x) __attribute__((x))
#else
#define MILLRACE_ANNOTATE(x)
#endif

#define MILLRACE_GUARDED_BY(m) MILLRACE_ANNOTATE(guarded_by(m))
#define MILLRACE_REQUIRES(m) MILLRACE_ANNOTATE(requires_capability(m))

namespace millrace {

class MILLRACE_ANNOTATE(capability("mutex")) Mutex {
 public:
  void lock() MILLRACE_ANNOTATE(acquire_capability()) { mutex_.lock(); }

  void unlock() MILLRACE_ANNOTATE(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

/// Holds a Mutex for a scope.
class MILLRACE_ANNOTATE(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) MILLRACE_ANNOTATE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }

  ~Lock() MILLRACE_ANNOTATE(release_capability()) { mutex_.unlock(); }

  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

/// Waits on a Mutex that the caller holds. Waits may end early: re-check the predicate in a loop.
class Condition {
 public:
  void wait(Mutex& mutex) MILLRACE_REQUIRES(mutex) { condition_.wait(mutex); }

  /// False once `deadline` has passed.
  bool wait_until(Mutex& mutex, Timestamp deadline) MILLRACE_REQUIRES(mutex) {
    return condition_.wait_until(mutex, deadline) == std::cv_status::no_timeout;
  }

  void notify_one() { condition_.notify_one(); }

  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace millrace
