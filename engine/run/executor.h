// SPDX-License-Identifier: MIT
// Executor: runs lanes. A few workers share the lanes that never block; a lane that blocks in the
// kernel has a thread to itself.
//
// A lane sleeps without a thread: whoever gives it work (a queue, a pool, the stop signal) wakes it
// through its Wake. Between the check that found nothing to do and the sleep a wake may come: the
// state `notified` remembers it, so none is lost.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/time.h"

namespace millrace {

enum class StepOutcome : uint8_t { progressed, parked, finished };

class RunQueue;

/// Thread-safe; may outlive the lane and the executor.
class MILLRACE_API Wake {
 public:
  explicit Wake(std::function<StepOutcome()> step) : step_(std::move(step)) {}

  void wake();

 private:
  friend class RunQueue;
  friend class Executor;
  enum class State : uint8_t { idle, queued, running, notified, finished };

  std::function<StepOutcome()> step_;
  // Queued from birth: the start runs every lane, so a wake before it (a stop asked for early) has
  // nothing to do and needs no queue.
  std::atomic<State> state_{State::queued};
  RunQueue* queue_ = nullptr;
};

class MILLRACE_API Executor {
 public:
  Executor();
  ~Executor();  ///< joins; call only when every lane has finished
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Before `start`. The lane outlives the executor.
  void add(std::shared_ptr<Wake> lane, bool blocks, std::string name);

  void start(unsigned workers);

  /// Waits until every lane has finished. False when `deadline` came first.
  [[nodiscard]] bool wait(std::optional<Timestamp> deadline);

  void wake_all();

 private:
  struct Member {
    std::shared_ptr<Wake> lane;
    bool blocks;
    std::string name;
  };

  void lane_finished();

  std::vector<Member> members_;
  Mutex mutex_;
  Condition all_finished_;
  size_t unfinished_ MILLRACE_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<RunQueue>> queues_;
  std::vector<std::jthread> threads_;  // last: joined before what they use dies
};

}  // namespace millrace
