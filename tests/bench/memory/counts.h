// SPDX-License-Identifier: MIT
// Counts: what repeats exactly. Each contender works N times and then 3 N times, between marks; the
// difference, divided by 2 N, is what one time costs. Three tools count, each in a run of its own:
//   callgrind             a profile is dumped after each part, named "ROW SIDE few|many N"
//   strace -f             each part begins with write(-1, "mark ROW SIDE few|many N") and ends with
//                         write(-1, "mark none")
//   count_allocations.so  the program prints the heap allocations itself
#pragma once

#include <cstdint>

#include "tests/bench/memory/work.h"

namespace millrace::bench {

/// Prints "ROW SIDE THREADS" for each contender, so that who counts can tell that one is missing.
void print_list(const Contenders& contenders);

/// Prints "ROW SIDE ALLOCATIONS-PER-TIME" for each contender; the number is "-" where the counter
/// is not preloaded. Under valgrind, which runs one thread at a time, works on two threads are left
/// out.
void print_counts(const Contenders& contenders, uint64_t times);

}  // namespace millrace::bench
