// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP as a stop token: the recording ends and its file is finalised.
//
// The signals are blocked in every thread and read from a descriptor by a thread of this class, so
// no code ever runs in a handler. A second SIGINT within three seconds ends the process at once, by
// that signal, as a shell expects.
#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include <signal.h>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::app {

/// SIGINT, SIGTERM and SIGHUP, blocked. Its end gives them back: ignored ones are ignored again.
class BlockedSignals {
 public:
  BlockedSignals();
  ~BlockedSignals();
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  [[nodiscard]] const sigset_t& set() const { return set_; }

 private:
  struct sigaction interrupt_ {};  // what they did before

  struct sigaction terminate_ {};

  sigset_t set_{};
  sigset_t mask_{};  ///< of the thread, before
};

class StopSignal {
 public:
  /// Call from `main` before any other thread starts: threads inherit what is blocked.
  /// A SIGHUP that is ignored (nohup) stays ignored.
  [[nodiscard]] static Result<std::unique_ptr<StopSignal>> create();

  /// Gives the signals back to what they did before. Call from the thread that called `create`.
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return current().get_token(); }

  /// A new token for what comes next; signals from now on ask that one.
  [[nodiscard]] std::stop_token renew();

 private:
  StopSignal(std::unique_ptr<BlockedSignals> blocked, UniqueFd signals, UniqueFd wake);
  void listen();
  [[nodiscard]] std::stop_source current() const;

  std::unique_ptr<BlockedSignals> blocked_;
  UniqueFd signals_;
  UniqueFd wake_;  ///< an eventfd that ends the thread
  mutable Mutex mutex_;
  std::stop_source source_ MILLRACE_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace millrace::app
