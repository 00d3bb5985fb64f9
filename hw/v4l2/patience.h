// SPDX-License-Identifier: MIT
// How long a device may say "not now".
#pragma once

#include <cerrno>
#include <stop_token>

#include "engine/base/result.h"
#include "engine/base/sleep.h"
#include "engine/base/time.h"
#include "hw/v4l2/output_device.h"

namespace millrace::v4l2 {

/// A device that shows frames takes one at each of its own, which last a second at most.
inline constexpr Duration longest_wait = std::chrono::seconds(10);

/// Repeats `call` (0, or an error number) until it says something else than EAGAIN, and returns
/// that. Errors: `cancelled`, and `output_failed` where it says so for `limit`.
template <class Call>
[[nodiscard]] Result<int> until_ready(const OutputDevice& device, const std::stop_token& stop,
                                      const Call& call, Duration limit = longest_wait) {
  constexpr int slice_ms = 100;
  const Timestamp give_up = now() + limit;
  for (bool waited = false;; waited = true) {
    const int answer = call();
    if (answer != EAGAIN) return answer;
    if (stop.stop_requested()) {
      return fail(ErrorKind::cancelled, "feed " + device.name() + ": a stop was asked for");
    }
    if (now() >= give_up) return device.lost("give it a frame", ETIMEDOUT);
    const int ready = device.calls().poll_output(device.fd(), slice_ms);
    // Ready, but not for this: an error condition of a device that is about to go, for one.
    if (ready != 0 && waited) sleep_until(now() + std::chrono::milliseconds(1), stop);
  }
}

}  // namespace millrace::v4l2
