// SPDX-License-Identifier: MIT
#include "engine/graph/buffer_count.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/checked.h"

namespace millrace {
namespace {

/// Adds facts to a sum; what adds nothing gives no reason. False where the sum leaves 64 bits.
bool add_up(Figure& sum, const Facts& facts) {
  for (const auto& fact : facts) {
    const auto total = checked_add(sum.value, fact.value);
    if (!total) return false;
    sum.value = *total;
    if (fact.value > 0) add_reasons(sum.why, {fact.why});
  }
  return true;
}

/// The user's number instead of holds, queues and slack, but never less than what is held.
Figure user_count(const Figure& held, const Fact<uint64_t>& user) {
  if (user.value >= held.value) return {user.value, {user.why}};
  Figure raised = held;
  Provenance why = user.why;
  why.raw += fmt::format(", raised to {}: so many are held at once", held.value);
  raised.why.insert(raised.why.begin(), why);
  return raised;
}

Facts shared_slack(const Facts& facts) {
  const auto greatest_fact = std::ranges::max_element(facts, {}, &Fact<uint64_t>::value);
  return greatest_fact == facts.end() ? Facts{} : Facts{*greatest_fact};
}

/// Above the limit slack is given up whole; a user's number becomes the limit.
Solved<Figure> check_limits(const Figure& needed, const Figure& wanted, const Facts& maxima,
                            const std::optional<Fact<uint64_t>>& user) {
  const std::optional<Figure> highest = least(maxima);
  const uint64_t limit = std::min(highest ? highest->value : most_buffers, most_buffers);
  if (wanted.value <= limit) return wanted;
  Figure granted = needed;
  if (highest) add_reasons(granted.why, highest->why);
  if (needed.value <= limit && user) {
    Provenance why = user->why;
    why.raw += fmt::format(", lowered to {}: more are not possible", limit);
    granted.why.insert(granted.why.begin(), std::move(why));
    granted.value = limit;
  }
  if (needed.value <= limit) return granted;
  return conflict(fmt::format("{} buffers are needed, {} are possible", needed.value, limit),
                  granted.why);
}

}  // namespace

Solved<Figure> count_buffers(const CountProblem& problem) {
  Figure held;
  if (!add_up(held, problem.hold)) {
    return overflow("buffers held exceed 64 bits", reasons_of(problem.hold));
  }
  Figure needed = held;
  Figure wanted;
  if (!add_up(needed, problem.queue_depth)) {
    return overflow("buffers held and queued exceed 64 bits", needed.why);
  }
  wanted = needed;
  if (!add_up(wanted, problem.slack_own) || !add_up(wanted, shared_slack(problem.slack_shared))) {
    return overflow("buffers held, queued and spare exceed 64 bits", wanted.why);
  }
  if (problem.user) {
    wanted = user_count(held, *problem.user);
    needed = held;
  }
  needed = raise_to(needed, problem.count_min);
  wanted = raise_to(wanted, problem.count_min);
  if (wanted.value == 0) return conflict("a pool of 0 buffers", reasons_of(problem.hold));
  return check_limits(needed, wanted, problem.count_max, problem.user);
}

}  // namespace millrace
