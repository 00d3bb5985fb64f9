// SPDX-License-Identifier: MIT
#include "tests/bench/memory/two_threads.h"

#include <vector>

#include <sched.h>

namespace millrace::bench {
namespace {

cpu_set_t allowed_at_start() {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  sched_getaffinity(0, sizeof cpus, &cpus);
  return cpus;
}

const cpu_set_t allowed = allowed_at_start();

/// Puts the calling thread on the CPU of that number among the allowed ones.
void stay_on(int number) {
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed) || number-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

}  // namespace

bool has_two_cpus() {
  return CPU_COUNT(&allowed) >= 2;
}

Companion::FirstCpu::FirstCpu() {
  stay_on(0);
}

Companion::FirstCpu::~FirstCpu() {
  sched_setaffinity(0, sizeof allowed, &allowed);
}

void Companion::serve(const std::stop_token& stop) {
  stay_on(1);
  for (uint32_t seen = 0;; ++seen) {
    // Runs follow one another: to be awake for the next one keeps waking out of its time.
    for (int look = 0; look < 10'000 && called_.load() == seen; ++look) __builtin_ia32_pause();
    called_.wait(seen);
    if (stop.stop_requested()) return;
    job_(what_);
    done_.store(true, std::memory_order_release);
  }
}

}  // namespace millrace::bench
