// SPDX-License-Identifier: MIT
#include "engine/run/executor.h"

#include <algorithm>

#include "engine/base/thread.h"

namespace millrace {

/// Lanes that are ready to run, served by one or more threads.
class RunQueue {
 public:
  explicit RunQueue(std::function<void()> on_finished) : on_finished_(std::move(on_finished)) {}

  void push(Wake* lane) {
    {
      const Lock lock(mutex_);
      ready_.push_back(lane);
    }
    changed_.notify_one();
  }

  void close() {
    const Lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  /// A thread's life: take a lane, run it until it parks, take the next.
  void serve() {
    while (Wake* lane = take()) run(*lane);
  }

 private:
  // Long enough to amortise the hand-over, short enough that no lane starves another.
  static constexpr int steps_a_turn = 32;

  Wake* take() {
    const Lock lock(mutex_);
    while (ready_.empty() && !closed_) changed_.wait(mutex_);
    if (ready_.empty()) return nullptr;
    Wake* lane = ready_.front();
    ready_.pop_front();
    return lane;
  }

  void run(Wake& lane) {
    lane.state_ = Wake::State::running;
    for (int step = 0; step < steps_a_turn; ++step) {
      const StepOutcome outcome = lane.step_();
      if (outcome == StepOutcome::finished) {
        lane.state_ = Wake::State::finished;
        on_finished_();
        return;
      }
      if (outcome == StepOutcome::progressed) continue;
      auto expected = Wake::State::running;
      if (lane.state_.compare_exchange_strong(expected, Wake::State::idle)) return;
      lane.state_ = Wake::State::running;  // woken meanwhile: look again
    }
    lane.state_ = Wake::State::queued;
    push(&lane);
  }

  std::function<void()> on_finished_;
  Mutex mutex_;
  Condition changed_;
  std::deque<Wake*> ready_ MILLRACE_GUARDED_BY(mutex_);
  bool closed_ MILLRACE_GUARDED_BY(mutex_) = false;
};

void Wake::wake() {
  State state = state_.load();
  for (;;) {
    if (state == State::idle) {
      if (state_.compare_exchange_weak(state, State::queued)) {
        queue_->push(this);
        return;
      }
    } else if (state == State::running) {
      if (state_.compare_exchange_weak(state, State::notified)) return;
    } else {
      return;  // queued and notified will look anyway; finished never again
    }
  }
}

Executor::Executor() = default;

Executor::~Executor() {
  for (const auto& queue : queues_) queue->close();
}

void Executor::add(std::shared_ptr<Wake> lane, bool blocks, std::string name) {
  members_.push_back({std::move(lane), blocks, std::move(name)});
}

void Executor::start(unsigned workers) {
  {
    const Lock lock(mutex_);
    unfinished_ = members_.size();
  }
  const auto new_queue = [this] {
    queues_.push_back(std::make_unique<RunQueue>([this] { lane_finished(); }));
    return queues_.back().get();
  };
  RunQueue* const shared = new_queue();
  size_t sharing = 0;
  std::vector<std::pair<RunQueue*, std::string>> owned;
  for (const Member& member : members_) {
    member.lane->queue_ = member.blocks ? new_queue() : shared;
    if (member.blocks) {
      owned.emplace_back(member.lane->queue_, "lane:" + member.name);
    } else {
      ++sharing;
    }
  }
  for (size_t index = 0; index < std::min<size_t>(workers, sharing); ++index) {
    threads_.push_back(start_thread("worker:" + std::to_string(index),
                                    [shared](const std::stop_token&) { shared->serve(); }));
  }
  for (const auto& [queue, name] : owned) {
    threads_.push_back(
        start_thread(name, [lane = queue](const std::stop_token&) { lane->serve(); }));
  }
  for (const Member& member : members_) member.lane->queue_->push(member.lane.get());
}

void Executor::wake_all() {
  for (const Member& member : members_) member.lane->wake();
}

void Executor::lane_finished() {
  const Lock lock(mutex_);
  --unfinished_;
  all_finished_.notify_all();
}

bool Executor::wait(std::optional<Timestamp> deadline) {
  const Lock lock(mutex_);
  while (unfinished_ > 0) {
    if (!deadline) {
      all_finished_.wait(mutex_);
    } else if (!all_finished_.wait_until(mutex_, *deadline)) {
      return unfinished_ == 0;
    }
  }
  return true;
}

}  // namespace millrace
