// SPDX-License-Identifier: MIT
// Recorder: threads write Records into rings of their own, one reader takes them out.
//
// Thread-safe: `write` from any thread, never waits, allocates only at a thread's first record.
// A full ring drops the newest record and counts it: a reader always knows that it lost something.
// `drain` is for one reader at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/observe/record.h"

namespace millrace::observe {

class MILLRACE_API Recorder {
 public:
  Recorder();
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void write(const Record& record) noexcept;

  /// Appends what has been written since the last call, oldest first within each thread.
  void drain(std::vector<Record>& into);

  /// Records that found their ring full.
  [[nodiscard]] uint64_t dropped() const noexcept;

 private:
  class Ring;
  Ring* ring_of_this_thread() noexcept;
  Ring* find_or_add_ring(uint64_t writer) noexcept;

  const uint64_t id_;  ///< never reused, so that a thread can tell one Recorder from the next
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Ring>> rings_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace::observe
