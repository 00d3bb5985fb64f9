// SPDX-License-Identifier: MIT
#include "app/progress.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/standard_streams.h"
#include "engine/base/log.h"
#include "engine/base/thread.h"

namespace millrace::app {
namespace {

/// Carriage return, then "erase to the end of the line" (ECMA-48 EL).
constexpr const char* erase_line = "\r\033[K";

/// Whether the rewritten line is on the screen; a log line takes it away first.
std::atomic<bool> line_is_shown{false};

void step_aside(bool before) {
  if (before && line_is_shown.exchange(false)) put_message(erase_line);
}

std::chrono::milliseconds pace(ProgressForm form) {
  using namespace std::chrono_literals;
  switch (form) {
    case ProgressForm::line:
      return 250ms;
    case ProgressForm::json:
      return 1000ms;
    default:
      return 10'000ms;
  }
}

/// What fits one row of the terminal: a wrapped line could not be taken back.
std::string fitted(std::string line) {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return line;
  line.resize(std::min<size_t>(line.size(), size.ws_col - 1U));
  return line;
}

std::string clock_text(Duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

double bits_per_second(const RunSnapshot& run) {
  const double seconds = std::chrono::duration<double>(run.stream_time).count();
  return seconds > 0 ? static_cast<double>(run.packet_bytes) * 8.0 / seconds : 0.0;
}

/// Until the room is used up, if bytes are written as fast as up to now.
std::optional<double> disk_seconds(const ProgressSample& sample) {
  const double elapsed = std::chrono::duration<double>(sample.run.elapsed).count();
  if (!sample.disk_room || sample.run.packet_bytes == 0 || elapsed <= 0) return std::nullopt;
  return static_cast<double>(*sample.disk_room) * elapsed /
         static_cast<double>(sample.run.packet_bytes);
}

/// "  disk 3 h": in whole units, rounded down; two of the smaller one are told apart from one.
std::string disk_text(const ProgressSample& sample) {
  struct Unit {
    double seconds;
    double until;  ///< the next larger unit is used from here
    const char* name;
  };

  constexpr Unit units[] = {
      {1, 120, "s"}, {60, 120 * 60, "min"}, {3600, 72 * 3600, "h"}, {86400, 366 * 86400, "d"}};
  const std::optional<double> left = disk_seconds(sample);
  if (!left) return {};
  for (const Unit& unit : units) {
    if (*left < unit.until) {
      return fmt::format("  disk {:.0f} {}", std::floor(*left / unit.seconds), unit.name);
    }
  }
  return "  disk over a year";
}

}  // namespace

std::string progress_line(const ProgressSample& sample) {
  const RunSnapshot& run = sample.run;
  return fmt::format(
      "REC {}  {:.1f}/{:.4g} fps  drop {} dup {}  copies {:.3g}/frame  lat p99 {:.0f} ms  "
      "{:.1f} Mb/s  {:.1f} MB{}",
      clock_text(run.stream_time), run.fps(), sample.nominal_rate.value(),
      run.dropped + run.skipped, run.duplicated, sample.copies_per_frame, run.latency_p99_ms,
      bits_per_second(run) / 1e6, static_cast<double>(run.packet_bytes) / 1e6, disk_text(sample));
}

std::string progress_json(const ProgressSample& sample) {
  const RunSnapshot& run = sample.run;
  nlohmann::ordered_json json = {
      {"v", 1},
      {"type", "progress"},
      {"elapsed_s", std::chrono::duration<double>(run.elapsed).count()},
      {"stream_s", std::chrono::duration<double>(run.stream_time).count()},
      {"delivered", run.delivered},
      {"dropped", run.dropped},
      {"skipped", run.skipped},
      {"duplicated", run.duplicated},
      {"fps", run.fps()},
      {"copies_per_frame", sample.copies_per_frame},
      {"latency_p99_s", run.latency_p99_ms / 1000.0},
      {"bits_per_second", bits_per_second(run)},
      {"packet_bytes", run.packet_bytes},
  };
  if (sample.disk_room) json["disk_room_bytes"] = *sample.disk_room;
  if (const std::optional<double> left = disk_seconds(sample)) json["disk_s"] = *left;
  return json.dump();
}

ProgressForm settle_form(ProgressForm asked, log::Form log_form, const Terminal& terminal) {
  if (asked != ProgressForm::automatic) return asked;
  if (log_form == log::Form::json) return ProgressForm::json;
  return terminal.errors ? ProgressForm::line : ProgressForm::plain;
}

Progress::Progress(ProgressForm form, std::function<ProgressSample()> sample)
    : form_(form), sample_(std::move(sample)) {
  if (form_ == ProgressForm::off) return;
  if (form_ == ProgressForm::line) log::set_line_hook(step_aside);
  thread_ =
      start_thread("progress", [this](const std::stop_token& stop) { draw_until_stopped(stop); });
}

Progress::~Progress() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (form_ != ProgressForm::line) return;
  log::set_line_hook(nullptr);
  if (line_is_shown.exchange(false)) put_message(erase_line);
}

void Progress::draw_until_stopped(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    // The predicate is never true: only time or the stop ends the wait.
    wake_.wait_for(lock, stop, pace(form_), [] { return false; });
    if (!stop.stop_requested()) draw();
  }
}

void Progress::draw() {
  const ProgressSample sample = sample_();
  if (form_ == ProgressForm::line) {
    // One write each time, so that lines of other threads do not come in between.
    put_message(erase_line + fitted(progress_line(sample)));
    line_is_shown = true;
  } else {
    const bool json = form_ == ProgressForm::json;
    put_message((json ? progress_json(sample) : progress_line(sample)) + "\n");
  }
}

}  // namespace millrace::app
