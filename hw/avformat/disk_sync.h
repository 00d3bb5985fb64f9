// SPDX-License-Identifier: MIT
// DiskSync: tells the kernel every few seconds to put a growing file on its disk, so that a machine
// that loses its power keeps what is older. A thread of its own waits for the disk; whoever writes
// the file does not.
#pragma once

#include <atomic>
#include <thread>

namespace millrace::avformat {

class DiskSync {
 public:
  /// Borrows the descriptor of a regular file until `finish`.
  explicit DiskSync(int fd);

  ~DiskSync() { finish(); }

  DiskSync(const DiskSync&) = delete;
  DiskSync& operator=(const DiskSync&) = delete;

  /// Waits until all that was written is on the disk. The first errno of the kernel's, or 0. Later
  /// calls only say it again.
  int finish();

 private:
  void sync();

  int fd_;
  std::atomic<int> errno_{0};
  std::jthread thread_;
};

}  // namespace millrace::avformat
