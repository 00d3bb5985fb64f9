// SPDX-License-Identifier: MIT
#include "engine/base/futex.h"

#include <bit>
#include <cerrno>
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace millrace {
namespace {

static_assert(sizeof(std::atomic<uint64_t>) == 8 && std::atomic<uint64_t>::is_always_lock_free);

const uint32_t* high_half(const std::atomic<uint64_t>* word) {
  constexpr size_t index = std::endian::native == std::endian::little ? 1 : 0;
  return reinterpret_cast<const uint32_t*>(word) + index;
}

}  // namespace

bool wait_for_high_half(const std::atomic<uint64_t>& word, uint64_t seen, Timestamp deadline) {
  const auto since_boot = deadline.time_since_epoch();
  if (since_boot.count() < 0) return false;  // no time that the kernel would take
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
  const timespec end{.tv_sec = static_cast<time_t>(seconds.count()),
                     .tv_nsec = static_cast<long>((since_boot - seconds).count())};
  const long done = ::syscall(
      SYS_futex, high_half(&word), FUTEX_WAIT_BITSET_PRIVATE, static_cast<uint32_t>(seen >> 32),
      deadline == Timestamp::max() ? nullptr : &end, nullptr, FUTEX_BITSET_MATCH_ANY);
  return !(done < 0 && errno == ETIMEDOUT);
}

void wake_high_half(const std::atomic<uint64_t>* word) {
  ::syscall(SYS_futex, high_half(word), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace millrace
