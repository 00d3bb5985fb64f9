// SPDX-License-Identifier: MIT
// RunState: what all lanes of a running pipeline share. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <stop_token>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/observe/recorder.h"
#include "engine/run/latency_histogram.h"

namespace millrace {

struct RunCounters {
  std::atomic<uint64_t> captured{0};
  std::atomic<uint64_t> skipped{0};
  std::atomic<uint64_t> late{0};
  std::atomic<uint64_t> delivered{0};
  std::atomic<uint64_t> duplicated{0};
  std::atomic<uint64_t> corrupted{0};
  std::atomic<uint64_t> packet_bytes{0};
  std::atomic<int64_t> stream_time_ns{0};
  std::atomic<bool> limit_reached{false};
  std::atomic<bool> source_ended{false};
  LatencyHistogram latency;
};

struct RunLimits {
  std::optional<uint64_t> frames;
  std::optional<Duration> duration;
};

class RunState {
 public:
  RunCounters counters;
  RunLimits limits;
  observe::Recorder recorder;
  bool validate = false;
  std::deque<std::atomic<uint32_t>> undeclared_windows;  ///< by StageId; sized before the run

  /// Asked of sources: hand out no more frames.
  std::stop_source end_of_input;
  /// Asked of everybody: give up, even if frames are lost.
  std::stop_source abort;

  /// The first failure of a run counts; later ones are mostly its echoes. Ends the input.
  void fail(Error error) {
    {
      const Lock lock(mutex_);
      if (!error_) error_ = std::move(error);
    }
    end_of_input.request_stop();
  }

  [[nodiscard]] std::optional<Error> error() const {
    const Lock lock(mutex_);
    return error_;
  }

 private:
  mutable Mutex mutex_;
  std::optional<Error> error_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace
