// SPDX-License-Identifier: MIT
#include "hw/avformat/pipe_patience.h"

#include <cerrno>
#include <optional>

#include <poll.h>

#include "engine/base/time.h"

namespace millrace::avformat {
namespace {

constexpr int slice_ms = 100;
constexpr Duration longest_wait_after_stop = std::chrono::seconds(2);

}  // namespace

int wait_for_reader(int fd, const std::stop_token& stop) {
  std::optional<Timestamp> give_up;
  pollfd pipe{fd, POLLOUT, 0};
  while (true) {
    const int ready = ::poll(&pipe, 1, slice_ms);
    // Also when the reader has gone: the write says so.
    if (ready > 0) return 0;
    if (ready < 0 && errno != EINTR) return errno;
    if (!stop.stop_requested()) continue;
    if (!give_up) give_up = now() + longest_wait_after_stop;
    if (now() >= *give_up) return ETIMEDOUT;
  }
}

}  // namespace millrace::avformat
