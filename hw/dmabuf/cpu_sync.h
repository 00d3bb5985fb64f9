// SPDX-License-Identifier: MIT
// DMA_BUF_IOCTL_SYNC: tells the kernel that the CPU begins or ends touching a dma-buf, so that it
// can keep caches and devices of one mind.
// https://docs.kernel.org/driver-api/dma-buf.html#cpu-access-to-dma-buffer-objects
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace::dmabuf {

enum class Edge : uint8_t { begin, end };

/// The flags of struct dma_buf_sync. A writer says that it reads too: frames are drawn over.
[[nodiscard]] MILLRACE_API uint64_t sync_flags(Edge edge, bool write);

/// ioctl(2), replaceable in tests.
using Ioctl = int (*)(int fd, unsigned long request, void* argument);

/// Restarts the call on EINTR and EAGAIN, as the kernel asks.
[[nodiscard]] MILLRACE_API Result<> sync_cpu_access(int fd, Edge edge, bool write);
[[nodiscard]] MILLRACE_API Result<> sync_cpu_access(int fd, Edge edge, bool write, Ioctl call);

}  // namespace millrace::dmabuf
