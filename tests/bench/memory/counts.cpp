// SPDX-License-Identifier: MIT
#include "tests/bench/memory/counts.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include <unistd.h>
#include <valgrind/callgrind.h>

/// Of tests/bench/count_allocations.cpp; absent where that is not preloaded.
extern "C" [[gnu::weak]] unsigned long heap_allocations_so_far();

namespace millrace::bench {
namespace {

unsigned long allocations() {
  return heap_allocations_so_far != nullptr ? heap_allocations_so_far() : 0;
}

/// "mark ROW SIDE PART TIMES" where strace sees it.
void mark_system_calls(const std::string& mark) {
  [[maybe_unused]] const ssize_t refused = write(-1, mark.data(), mark.size());
}

/// Works `times` times and returns the heap allocations.
unsigned long count_part(Work& work, uint64_t times, const std::string& mark) {
  mark_system_calls("mark " + mark);
  const unsigned long before = allocations();
  CALLGRIND_START_INSTRUMENTATION;
  work.run(times);
  CALLGRIND_STOP_INSTRUMENTATION;
  const unsigned long made = allocations() - before;
  mark_system_calls("mark none");
  CALLGRIND_DUMP_STATS_AT(mark.c_str());
  return made;
}

void print_count(const Contender& contender, uint64_t at_most) {
  const uint64_t times = std::max<uint64_t>(1, at_most / contender.weight);
  const std::string name = std::string(contender.row) + " " + std::string(contender.side);
  const std::string each_time = std::to_string(times);
  const std::unique_ptr<Work> work = contender.make();
  work->run(times);  // what is allocated once is there now
  CALLGRIND_ZERO_STATS;
  const unsigned long few = count_part(*work, times, name + " few " + each_time);
  const unsigned long many = count_part(*work, 3 * times, name + " many " + each_time);
  const double each =
      (static_cast<double>(many) - static_cast<double>(few)) / (2 * static_cast<double>(times));
  if (heap_allocations_so_far != nullptr)
    std::printf("%s %.4f\n", name.c_str(), each);
  else
    std::printf("%s -\n", name.c_str());
  std::fflush(stdout);
}

}  // namespace

void print_list(const Contenders& contenders) {
  for (const Contender& one : contenders)
    std::printf("%.*s %.*s %d\n", int(one.row.size()), one.row.data(), int(one.side.size()),
                one.side.data(), one.two_threads ? 2 : 1);
}

void print_counts(const Contenders& contenders, uint64_t times) {
  for (const Contender& contender : contenders)
    if (!contender.two_threads || !RUNNING_ON_VALGRIND) print_count(contender, times);
}

}  // namespace millrace::bench
