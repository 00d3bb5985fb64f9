// SPDX-License-Identifier: MIT
// Sleeping until a 32-bit half of an atomic word changes.
// https://man7.org/linux/man-pages/man2/futex.2.html
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/time.h"

namespace millrace {

/// Sleeps while the high half of `word` is that of `seen`. False once `deadline` has passed. May
/// return early; Timestamp::max() means without an end.
MILLRACE_API bool wait_for_high_half(const std::atomic<uint64_t>& word, uint64_t seen,
                                     Timestamp deadline);

/// Wakes all who sleep on it. The word itself is not touched: it may be gone already.
MILLRACE_API void wake_high_half(const std::atomic<uint64_t>* word);

}  // namespace millrace
