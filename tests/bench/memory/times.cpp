// SPDX-License-Identifier: MIT
#include "tests/bench/memory/times.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace millrace::bench {
namespace {

constexpr double quiet = 1.06;
constexpr size_t enough = 5;

double nanoseconds_each(Work& work, uint64_t times) {
  const auto start = std::chrono::steady_clock::now();
  work.run(times);
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  return took.count() / static_cast<double>(times);
}

struct Control {
  std::atomic<uint64_t> word{1};

  void operator()() {
    word.fetch_add(1, std::memory_order_relaxed);
    word.fetch_sub(1, std::memory_order_relaxed);
  }
};

/// One contender of a row, and how often it has to work to fill a sample.
class Runner {
 public:
  Runner(const Contender& contender, std::chrono::nanoseconds sample)
      : side_(contender.side), work_(contender.make()) {
    double each = nanoseconds_each(*work_, times_);
    while (each * static_cast<double>(times_) < static_cast<double>(sample.count()) / 8)
      each = nanoseconds_each(*work_, times_ *= 2);
    times_ =
        std::max<uint64_t>(1, static_cast<uint64_t>(static_cast<double>(sample.count()) / each));
  }

  [[nodiscard]] std::string_view side() const { return side_; }

  double sample() { return nanoseconds_each(*work_, times_); }

 private:
  std::string_view side_;
  std::unique_ptr<Work> work_;
  uint64_t times_ = 1;
};

struct Round {
  double control = 0;               ///< the greater of the two
  std::vector<double> nanoseconds;  ///< by contender
};

class Row {
 public:
  Row(std::string_view name, Work& control) : name_(name), control_(control) {}

  [[nodiscard]] std::string_view name() const { return name_; }

  void add(const Contender& contender, std::chrono::nanoseconds sample) {
    runners_.emplace_back(contender, sample);
  }

  /// Every round begins with another contender, and every second one goes backwards. Returns the
  /// lesser control.
  double run_round() {
    const size_t count = runners_.size();
    const double before = time_control();
    Round round{.nanoseconds = std::vector<double>(count)};
    for (size_t i = 0; i < count; ++i) {
      const size_t turn = rounds_.size() % 2 == 0 ? i : count - 1 - i;
      const size_t which = (turn + rounds_.size() / 2) % count;
      round.nanoseconds[which] = runners_[which].sample();
    }
    const double after = time_control();
    round.control = std::max(before, after);
    rounds_.push_back(std::move(round));
    return std::min(before, after);
  }

  [[nodiscard]] size_t quiet_rounds(double least_control) const {
    return static_cast<size_t>(std::ranges::count_if(
        rounds_, [least_control](const Round& round) { return is_quiet(round, least_control); }));
  }

  void print(double least_control) const {
    const size_t counting = quiet_rounds(least_control);
    const bool noisy = counting < enough && counting < rounds_.size();
    if (counting < rounds_.size())
      std::fprintf(stderr, "# %.*s: %zu of %zu rounds were not quiet%s\n", int(name_.size()),
                   name_.data(), rounds_.size() - counting, rounds_.size(),
                   noisy ? "; NOISY: all are printed" : " and are left out");
    size_t number = 0;
    for (const Round& round : rounds_)
      if (noisy || is_quiet(round, least_control)) print(round, ++number);
  }

 private:
  static bool is_quiet(const Round& round, double least_control) {
    return round.control <= quiet * least_control;
  }

  double time_control() { return nanoseconds_each(control_, 60'000); }

  void print(const Round& round, size_t number) const {
    for (size_t i = 0; i < runners_.size(); ++i)
      std::printf("%.*s\t%.*s\t%zu\t%.4f\n", int(name_.size()), name_.data(),
                  int(runners_[i].side().size()), runners_[i].side().data(), number,
                  round.nanoseconds[i]);
  }

  std::string_view name_;
  Work& control_;
  std::vector<Runner> runners_;
  std::vector<Round> rounds_;
};

std::vector<Row> rows_of(const Contenders& contenders, Work& control,
                         std::chrono::nanoseconds sample) {
  std::vector<Row> rows;
  for (const Contender& contender : contenders) {
    auto row = std::ranges::find(rows, contender.row, &Row::name);
    if (row == rows.end()) {
      rows.emplace_back(contender.row, control);
      row = rows.end() - 1;
    }
    row->add(contender, sample);
  }
  return rows;
}

}  // namespace

void print_times(const Contenders& contenders, const TimesPlan& plan) {
  Loop<Control> control;
  std::vector<Row> rows = rows_of(contenders, control, plan.sample);
  double least = std::numeric_limits<double>::max();
  // A stretch of noise falls on few rounds of every row rather than on all rounds of one.
  for (size_t round = 0; round < 3 * plan.rounds; ++round)
    for (Row& row : rows)
      if (round < plan.rounds || row.quiet_rounds(least) < plan.rounds)
        least = std::min(least, row.run_round());
  for (const Row& row : rows) row.print(least);
  std::fprintf(stderr, "# control: two atomic additions took %.2f ns at best\n", least);
}

}  // namespace millrace::bench
