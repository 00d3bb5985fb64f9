// SPDX-License-Identifier: MIT
#include "hw/dmabuf/cpu_sync.h"

#include <cerrno>
#include <string>

#include <linux/dma-buf.h>
#include <sys/ioctl.h>

namespace millrace::dmabuf {
namespace {

int real_ioctl(int fd, unsigned long request, void* argument) {
  return ::ioctl(fd, request, argument);
}

}  // namespace

uint64_t sync_flags(Edge edge, bool write) {
  const uint64_t direction = write ? DMA_BUF_SYNC_RW : DMA_BUF_SYNC_READ;
  return direction | (edge == Edge::begin ? DMA_BUF_SYNC_START : DMA_BUF_SYNC_END);
}

Result<> sync_cpu_access(int fd, Edge edge, bool write) {
  return sync_cpu_access(fd, edge, write, real_ioctl);
}

Result<> sync_cpu_access(int fd, Edge edge, bool write, Ioctl call) {
  dma_buf_sync sync{.flags = sync_flags(edge, write)};
  while (call(fd, DMA_BUF_IOCTL_SYNC, &sync) != 0) {
    if (errno == EINTR || errno == EAGAIN) continue;
    const std::string act = edge == Edge::begin ? "begin" : "end";
    return fail_errno(act + " CPU access to dma-buf fd " + std::to_string(fd), errno);
  }
  return {};
}

}  // namespace millrace::dmabuf
