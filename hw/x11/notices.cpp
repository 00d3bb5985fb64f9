// SPDX-License-Identifier: MIT
#include "hw/x11/notices.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/log.h"

namespace millrace::x11 {
namespace {

constexpr size_t most_texts = 64;
constexpr std::chrono::seconds interval{1};

}  // namespace

void Notices::add(const Notice& notice, Timestamp now) {
  if (notice.text.empty()) return;
  const Lock lock(mutex_);
  if (notice.act.empty()) {
    for (Series& series : series_) tell_held(series);
    return tell(notice.text);
  }
  const auto found = std::ranges::find(series_, notice.act, &Series::act);
  if (found == series_.end()) {
    series_.push_back({.act = notice.act, .told = now});
    return tell(notice.text);
  }
  ++found->held;
  found->last = notice;
  if (now - found->told < interval) return;
  tell_held(*found);
  found->told = now;
}

void Notices::tell_due(Timestamp now) {
  const Lock lock(mutex_);
  for (Series& series : series_) {
    if (series.held == 0 || now - series.told < interval) continue;
    tell_held(series);
    series.told = now;
  }
}

void Notices::tell_rest() {
  const Lock lock(mutex_);
  for (Series& series : series_) tell_held(series);
}

std::vector<std::string> Notices::texts() const {
  const Lock lock(mutex_);
  std::vector<std::string> texts = texts_;
  for (const Series& series : series_) {
    if (series.held > 0) texts.push_back(text_of(series));
  }
  if (left_out_ > 0) texts.push_back(fmt::format("{} more changes are left out here", left_out_));
  return texts;
}

std::string Notices::text_of(const Series& series) {
  if (series.held == 1) return series.last.text;
  return fmt::format("{} {} times, now {}", series.act, series.held, series.last.state);
}

void Notices::tell(const std::string& text) {
  log::warning("x11", text);
  if (texts_.size() < most_texts) {
    texts_.push_back(text);
  } else {
    ++left_out_;
  }
}

void Notices::tell_held(Series& series) {
  if (series.held > 0) tell(text_of(series));
  series.held = 0;
}

}  // namespace millrace::x11
