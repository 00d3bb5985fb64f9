// SPDX-License-Identifier: MIT
#include "hw/avformat/disk_sync.h"

#include <cerrno>
#include <chrono>

#include <unistd.h>

#include "engine/base/sleep.h"
#include "engine/base/thread.h"

namespace millrace::avformat {
namespace {

constexpr Duration sync_every = std::chrono::seconds(2);

}  // namespace

DiskSync::DiskSync(int fd)
    : fd_(fd), thread_(start_thread("disk-sync", [this](const std::stop_token& stop) {
        while (sleep_until(now() + sync_every, stop)) sync();
      })) {}

void DiskSync::sync() {
  // Some network file systems do not know how; that is no failed write.
  const bool failed = ::fdatasync(fd_) != 0 && errno != EINVAL && errno != ENOSYS;
  if (failed && errno_ == 0) errno_ = errno;
}

int DiskSync::finish() {
  if (!thread_.joinable()) return errno_;
  thread_.request_stop();
  thread_.join();
  sync();
  return errno_;
}

}  // namespace millrace::avformat
