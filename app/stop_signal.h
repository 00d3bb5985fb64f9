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

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::app {

class StopSignal {
 public:
  /// Call from `main` before any other thread starts: threads inherit what is blocked.
  /// A SIGHUP that is ignored (nohup) stays ignored.
  [[nodiscard]] static Result<std::unique_ptr<StopSignal>> create();

  /// Gives the signals back to what they did before.
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  StopSignal(UniqueFd signals, UniqueFd wake);
  void listen();

  UniqueFd signals_;
  UniqueFd wake_;  ///< an eventfd that ends the thread
  std::stop_source source_;
  std::thread thread_;
};

}  // namespace millrace::app
