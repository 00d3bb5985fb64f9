// SPDX-License-Identifier: MIT
// Ending: why a recording ends, the stop that is asked for when it shall, and the file that is
// left.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/run/snapshot.h"
#include "hw/avformat/mux_settings.h"

namespace millrace::app {

enum class EndReason : uint8_t {
  source_ended,  ///< there was no more to record
  limit,         ///< --duration or --frames
  signal,        ///< SIGINT, SIGTERM or SIGHUP
  disk_low,      ///< less than --min-free was left
  failure,       ///< the error says which
};

/// "source-ended", "limit", "signal", "disk-nearly-full", "failure": as JSON has it.
[[nodiscard]] std::string_view to_string(EndReason reason);

/// The same for people: "the disk is nearly full".
[[nodiscard]] std::string_view in_words(EndReason reason);

/// Thread-safe.
class Ending {
 public:
  explicit Ending(const std::stop_token& signals) : on_signal_(signals, AskByUser{this}) {}

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

  /// Fewer bytes are free than shall be: ends the run.
  void disk_is_low(uint64_t free_bytes);

  /// The free bytes that were too few.
  [[nodiscard]] std::optional<uint64_t> low_disk() const;

  /// The recording is closed.
  void file_is_ended(const avformat::WrittenFile& file);

  /// What it has become; nothing as long as it is open, and of devices.
  [[nodiscard]] std::optional<avformat::WrittenFile> file() const;

  /// Why a run ended that came to this. A disk that gets low while a complete recording is being
  /// finished has ended nothing.
  [[nodiscard]] EndReason reason(const Result<>& ran, const RunSnapshot& run) const;

 private:
  struct AskByUser {
    Ending* ending;

    void operator()() const;
  };

  static constexpr uint64_t plenty = UINT64_MAX;

  std::stop_source source_;
  std::atomic<uint64_t> free_bytes_{plenty};
  std::atomic<bool> stopped_by_disk_{false};  ///< and by nobody before
  mutable Mutex mutex_;
  std::optional<avformat::WrittenFile> file_ MILLRACE_GUARDED_BY(mutex_);
  std::stop_callback<AskByUser> on_signal_;
};

}  // namespace millrace::app
