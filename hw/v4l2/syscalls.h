// SPDX-License-Identifier: MIT
// Syscalls: the system calls that reach a V4L2 device, replaceable in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/types.h>

#include "engine/base/export.h"

namespace millrace::v4l2 {

/// Each answers as the kernel does, with errno; no signal interrupts one. Thread-safe.
class MILLRACE_API Syscalls {
 public:
  virtual ~Syscalls() = default;

  /// For reading and writing, never waiting, closed by exec.
  [[nodiscard]] virtual int open(const std::string& path) = 0;
  [[nodiscard]] virtual int ioctl(int fd, unsigned long request, void* argument) = 0;
  [[nodiscard]] virtual ssize_t write(int fd, const std::byte* bytes, size_t size) = 0;
  /// Until the device takes output, or fails.
  virtual int poll_output(int fd, int timeout_ms) = 0;
  /// Shared, for reading and writing; MAP_FAILED.
  [[nodiscard]] virtual void* map(int fd, size_t size, int64_t offset) = 0;
  virtual void unmap(void* address, size_t size) = 0;
};

/// The kernel's.
[[nodiscard]] MILLRACE_API Syscalls& kernel();

}  // namespace millrace::v4l2
