// SPDX-License-Identifier: MIT
// Progress on stderr: one rewritten line on a terminal, else a plain or JSON line now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/options.h"
#include "app/terminal.h"
#include "engine/base/log.h"
#include "engine/base/time.h"
#include "engine/run/snapshot.h"

namespace millrace::app {

/// What a line shows beside the pipeline's own numbers.
struct ProgressSample {
  RunSnapshot run;
  double copies_per_frame = 0;
  Fraction nominal_rate{30, 1};
  std::optional<uint64_t> disk_room;  ///< bytes that may still be written; nothing: unknown
};

/// "REC 00:01:12  59.9/60 fps  drop 0 dup 3  copies 0/frame  lat p99 21 ms  7.9 Mb/s  62 MB  disk
/// 3 h": until the disk is full at the rate so far.
[[nodiscard]] std::string progress_line(const ProgressSample& sample);

/// {"v":1,"type":"progress",…}, SI base units.
[[nodiscard]] std::string progress_json(const ProgressSample& sample);

/// `auto` settled: json among log lines that are JSON; line on a terminal, else plain.
[[nodiscard]] ProgressForm settle_form(ProgressForm asked, log::Form log_form,
                                       const Terminal& terminal);

/// Draws from a thread of its own while it lives; log lines step around the rewritten line.
/// At most one at a time.
class Progress {
 public:
  Progress(ProgressForm form, std::function<ProgressSample()> sample);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void draw_until_stopped(const std::stop_token& stop);
  void draw();

  const ProgressForm form_;
  const std::function<ProgressSample()> sample_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace millrace::app
