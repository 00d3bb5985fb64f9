// SPDX-License-Identifier: MIT
// FenceWatcher: a thread that waits for fences, so that nobody else has to, and says when all of a
// list are signalled.
//
// It starts with the first list and never ends: nothing of it is freed before the process is. It
// watches one fence of each list at a time, the first that is not signalled.
#pragma once

#include <cstddef>

#include "engine/base/export.h"
#include "engine/base/unique_fd.h"
#include "engine/memory/fence.h"

namespace millrace {

/// Thread-safe.
class MILLRACE_API FenceWatcher {
 public:
  static FenceWatcher& of_the_process();

  /// What to do then, on the watcher's thread; it must not block.
  struct Then {
    void (*call)(void* subject) noexcept = nullptr;
    void* subject = nullptr;
  };

  /// The list lasts, unchanged, until `then` is called. False where the kernel cannot watch it:
  /// `then` is not called.
  [[nodiscard]] bool watch(const FenceList& fences, const Then& then) noexcept;

 private:
  struct Watch;

  FenceWatcher();
  [[nodiscard]] bool watch_next(Watch& watch) noexcept;
  void run() noexcept;
  void go_on(Watch* watch) noexcept;

  UniqueFd epoll_;
};

}  // namespace millrace
