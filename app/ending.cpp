// SPDX-License-Identifier: MIT
#include "app/ending.h"

#include <array>

#include "engine/base/log.h"

namespace millrace::app {
namespace {

struct Names {
  std::string_view word;
  std::string_view words;
};

constexpr std::array<Names, 5> names = {{{"source-ended", "the source ended"},
                                         {"limit", "--duration or --frames was reached"},
                                         {"signal", "a signal asked for it"},
                                         {"disk-nearly-full", "the disk is nearly full"},
                                         {"failure", "it failed"}}};

}  // namespace

std::string_view to_string(EndReason reason) {
  return names.at(static_cast<size_t>(reason)).word;
}

std::string_view in_words(EndReason reason) {
  return names.at(static_cast<size_t>(reason)).words;
}

void Ending::disk_is_low(uint64_t free_bytes) {
  free_bytes_ = free_bytes;
  log::warning("app", "the disk is nearly full: finishing the file");
  stopped_by_disk_ = source_.request_stop();
}

std::optional<uint64_t> Ending::low_disk() const {
  const uint64_t bytes = free_bytes_;
  return bytes == plenty ? std::nullopt : std::optional(bytes);
}

void Ending::AskByUser::operator()() const {
  if (ending->source_.request_stop()) log::info("app", "stopping: finishing the file");
}

void Ending::file_is_ended(const avformat::WrittenFile& file) {
  const Lock lock(mutex_);
  file_ = file;
}

std::optional<avformat::WrittenFile> Ending::file() const {
  const Lock lock(mutex_);
  return file_;
}

EndReason Ending::reason(const Result<>& ran, const RunSnapshot& run) const {
  if (!ran) return EndReason::failure;
  if (run.limit_reached) return EndReason::limit;
  if (run.source_ended) return EndReason::source_ended;
  if (stopped_by_disk_) return EndReason::disk_low;
  return source_.stop_requested() ? EndReason::signal : EndReason::source_ended;
}

}  // namespace millrace::app
