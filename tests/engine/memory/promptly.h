// SPDX-License-Identifier: MIT
// Waiting that is seen to end early: who is never woken waits until far_off(), and then finds what
// he waited for all the same. Prompt fails where it took so long.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"

namespace millrace {

/// A deadline that nothing reaches that works.
inline Timestamp far_off() {
  return now() + std::chrono::seconds(60);
}

/// Fails where its scope ended by a deadline that is far off.
class Prompt {
 public:
  Prompt() = default;
  Prompt(const Prompt&) = delete;
  Prompt& operator=(const Prompt&) = delete;

  ~Prompt() {
    EXPECT_LT(now() - start_, std::chrono::seconds(30)) << "only the deadline ended this";
  }

 private:
  Timestamp start_ = now();
};

/// Until `condition()` holds; fails where it never does.
template <class Condition>
void await(const Condition& condition) {
  for (const Timestamp give_up = far_off(); !condition();) {
    if (now() > give_up) {
      ADD_FAILURE() << "what was waited for did not happen";
      return;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

/// Until so many threads wait in the pool's acquire.
inline void await_waiting(const BufferPool& pool, size_t threads) {
  await([&] { return pool.snapshot().waiting >= threads; });
}

/// Waits for a buffer. Fails where nobody woke this thread for one.
inline Result<Ref<Buffer>> acquire_promptly(BufferPool& pool, std::stop_token stop = {}) {
  const Prompt prompt;
  return pool.acquire(std::move(stop), far_off());
}

}  // namespace millrace
