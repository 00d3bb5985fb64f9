// SPDX-License-Identifier: MIT
// Times: rounds in which all contenders of a row do the same work one right after the other, and
// only the rounds count in which the machine was quiet.
#pragma once

#include <chrono>

#include "tests/bench/memory/work.h"

namespace millrace::bench {

struct TimesPlan {
  size_t rounds = 21;  ///< quiet ones, wanted of each row; at most three times as many are run
  std::chrono::nanoseconds sample = std::chrono::milliseconds(4);  ///< of one contender in a round
};

/// Prints "ROW SIDE ROUND NANOSECONDS", tab-separated, for each contender in each round that
/// counts, and on stderr what was left out.
///
/// One thread is timed by its own processor time, so that who else gets the CPU meanwhile does not
/// count; two threads by the wall's, the best of eight short runs. Before and after the samples of
/// a row in a round, the control is timed: two atomic additions on a word of this thread's own; for
/// rows on two threads on both CPUs at once. The round counts for the row where both are at most 6
/// % above what a tenth of the run's readings are below. A row with fewer than five such rounds is
/// printed with all of its rounds, and said to be noisy.
void print_times(const Contenders& contenders, const TimesPlan& plan);

}  // namespace millrace::bench
