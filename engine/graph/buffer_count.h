// SPDX-License-Identifier: MIT
// How many buffers a pool needs: what every port holds, what waits between them, and slack.
#pragma once

#include <optional>

#include "engine/base/export.h"
#include "engine/graph/merge.h"

namespace millrace {

struct CountProblem {
  Facts hold;          ///< summed; never given up
  Facts queue_depth;   ///< summed
  Facts slack_own;     ///< summed
  Facts slack_shared;  ///< the greatest
  Facts count_min, count_max;
  OptionalNumber user;  ///< takes the place of the slack
};

/// A pool never has more (engine/memory/pool.h).
inline constexpr uint64_t most_buffers = 1024;

/// Errors: what is held and queued exceeds the greatest count that somebody takes.
[[nodiscard]] MILLRACE_API Solved<Figure> count_buffers(const CountProblem& problem);

}  // namespace millrace
