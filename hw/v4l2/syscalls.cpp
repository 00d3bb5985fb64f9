// SPDX-License-Identifier: MIT
#include "hw/v4l2/syscalls.h"

#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace millrace::v4l2 {
namespace {

template <class Call>
auto uninterrupted(Call call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR) answer = call();
  return answer;
}

class Kernel final : public Syscalls {
 public:
  int open(const std::string& path) override {
    return uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); });
  }

  int ioctl(int fd, unsigned long request, void* argument) override {
    return uninterrupted([=] { return ::ioctl(fd, request, argument); });
  }

  ssize_t write(int fd, const std::byte* bytes, size_t size) override {
    return uninterrupted([=] { return ::write(fd, bytes, size); });
  }

  int poll_output(int fd, int timeout_ms) override {
    pollfd waited{.fd = fd, .events = POLLOUT, .revents = 0};
    return uninterrupted([&] { return ::poll(&waited, 1, timeout_ms); });
  }

  void* map(int fd, size_t size, int64_t offset) override {
    return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
  }

  void unmap(void* address, size_t size) override { ::munmap(address, size); }
};

}  // namespace

Syscalls& kernel() {
  static Kernel calls;
  return calls;
}

}  // namespace millrace::v4l2
