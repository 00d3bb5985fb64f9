// SPDX-License-Identifier: MIT
#include "tests/bench/memory/times.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include <time.h>

#include "tests/bench/memory/two_threads.h"

namespace millrace::bench {
namespace {

constexpr double quiet = 1.06;
constexpr size_t enough = 5;
constexpr double longest = 60;  ///< seconds, after which no more than the wanted rounds are run

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// By the processor's time of this thread, into which nobody else's falls, or by the wall's.
double nanoseconds_each(Work& work, uint64_t times, clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  const double start = seconds(clock);
  work.run(times);
  return (seconds(clock) - start) * 1e9 / static_cast<double>(times);
}

/// What tells a quiet machine, on one CPU or on both at once.
class Control {
 public:
  double nanoseconds() { return nanoseconds_each(here_, times); }

  /// Of the slower of the two CPUs.
  double nanoseconds_on_both() {
    double here = 0;
    double there = 0;
    companion_.side_by_side([&] { here = nanoseconds(); },
                            [&] { there = nanoseconds_each(there_, times); });
    return std::max(here, there);
  }

 private:
  static constexpr uint64_t times = 60'000;

  struct TwoAdditions {
    alignas(128) std::atomic<uint64_t> word{1};

    void operator()() {
      word.fetch_add(1, std::memory_order_relaxed);
      word.fetch_sub(1, std::memory_order_relaxed);
    }
  };

  Loop<TwoAdditions> here_;
  Loop<TwoAdditions> there_;
  Companion companion_;
};

/// One contender of a row, and how often it has to work to fill a sample.
class Runner {
 public:
  Runner(const Contender& contender, std::chrono::nanoseconds sample)
      : side_(contender.side),
        work_(contender.make()),
        clock_(contender.two_threads ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID) {
    const auto wanted = static_cast<double>(sample.count());
    if (contender.two_threads) {
      times_ = 500;
      runs_ = 8;
    } else {
      times_ = std::max<uint64_t>(1, static_cast<uint64_t>(wanted / estimate(wanted / 8)));
    }
  }

  [[nodiscard]] std::string_view side() const { return side_; }

  /// Two threads: the best of several short runs, for whoever takes one of the CPUs stops both.
  double sample() {
    double best = std::numeric_limits<double>::max();
    for (int run = 0; run < runs_; ++run)
      best = std::min(best, nanoseconds_each(*work_, times_, clock_));
    return best;
  }

 private:
  /// From a run that takes at least `enough_time`; the better of two, for somebody may be in the
  /// way.
  double estimate(double enough_time) {
    uint64_t times = 1;
    while (true) {
      const double each =
          std::min(nanoseconds_each(*work_, times), nanoseconds_each(*work_, times));
      if (each * static_cast<double>(times) >= enough_time) return each;
      times *= 2;
    }
  }

  std::string_view side_;
  std::unique_ptr<Work> work_;
  clockid_t clock_;
  uint64_t times_ = 1;
  int runs_ = 1;
};

struct Round {
  double control = 0;               ///< the greater of the two
  std::vector<double> nanoseconds;  ///< by contender
};

class Row {
 public:
  Row(std::string_view name, bool two_threads, Control& control)
      : name_(name), two_threads_(two_threads), control_(&control) {}

  [[nodiscard]] std::string_view name() const { return name_; }

  [[nodiscard]] bool two_threads() const { return two_threads_; }

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

  [[nodiscard]] size_t quiet_rounds(double calm_control) const {
    return static_cast<size_t>(std::ranges::count_if(
        rounds_, [calm_control](const Round& round) { return is_quiet(round, calm_control); }));
  }

  void print(double calm_control) const {
    const size_t counting = quiet_rounds(calm_control);
    const bool noisy = counting < enough && counting < rounds_.size();
    if (counting < rounds_.size())
      std::fprintf(stderr, "# %.*s: %zu of %zu rounds were not quiet%s\n", int(name_.size()),
                   name_.data(), rounds_.size() - counting, rounds_.size(),
                   noisy ? "; NOISY: all are printed" : " and are left out");
    size_t number = 0;
    for (const Round& round : rounds_)
      if (noisy || is_quiet(round, calm_control)) print(round, ++number);
  }

 private:
  static bool is_quiet(const Round& round, double calm_control) {
    return round.control <= quiet * calm_control;
  }

  double time_control() {
    return two_threads_ ? control_->nanoseconds_on_both() : control_->nanoseconds();
  }

  void print(const Round& round, size_t number) const {
    for (size_t i = 0; i < runners_.size(); ++i)
      std::printf("%.*s\t%.*s\t%zu\t%.4f\n", int(name_.size()), name_.data(),
                  int(runners_[i].side().size()), runners_[i].side().data(), number,
                  round.nanoseconds[i]);
  }

  std::string_view name_;
  bool two_threads_;
  Control* control_;
  std::vector<Runner> runners_;
  std::vector<Round> rounds_;
};

/// What the control takes when nothing is in the way: a tenth of its readings are below. (The least
/// of all may be one moment in which the processor ran faster.)
class Calm {
 public:
  void add(double reading) {
    readings_.insert(std::ranges::upper_bound(readings_, reading), reading);
  }

  [[nodiscard]] double control() const {
    return readings_.empty() ? 0 : readings_[readings_.size() / 10];
  }

 private:
  std::vector<double> readings_;  ///< in order
};

std::vector<Row> rows_of(const Contenders& contenders, Control& control,
                         std::chrono::nanoseconds sample) {
  std::vector<Row> rows;
  for (const Contender& contender : contenders) {
    auto row = std::ranges::find(rows, contender.row, &Row::name);
    if (row == rows.end()) {
      rows.emplace_back(contender.row, contender.two_threads, control);
      row = rows.end() - 1;
    }
    row->add(contender, sample);
  }
  return rows;
}

}  // namespace

void print_times(const Contenders& contenders, const TimesPlan& plan) {
  Control control;
  std::vector<Row> rows = rows_of(contenders, control, plan.sample);
  // By the number of CPUs that the control is timed on.
  std::array<Calm, 2> calm;
  const double start = seconds(CLOCK_MONOTONIC);
  // A stretch of noise falls on few rounds of every row rather than on all rounds of one.
  for (size_t round = 0; round < 3 * plan.rounds; ++round) {
    for (Row& row : rows) {
      Calm& here = calm[row.two_threads()];
      const bool more = seconds(CLOCK_MONOTONIC) - start < longest;
      if (round < plan.rounds || (more && row.quiet_rounds(here.control()) < plan.rounds))
        here.add(row.run_round());
    }
  }
  for (const Row& row : rows) row.print(calm[row.two_threads()].control());
  std::fprintf(stderr, "# control: two atomic additions took %.2f ns in calm, %.2f ns now\n",
               calm[0].control(), control.nanoseconds());
}

}  // namespace millrace::bench
