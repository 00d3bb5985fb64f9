// SPDX-License-Identifier: MIT
// FakeDevice: a V4L2 output device behind the system calls. It keeps what it is given to show.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include <linux/videodev2.h>

#include "engine/base/mutex.h"
#include "hw/v4l2/syscalls.h"

namespace millrace::v4l2::test {

inline constexpr uint32_t by_write = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_READWRITE;
inline constexpr uint32_t by_lending = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING;

struct FakeTraits {
  std::string driver = "fake";
  uint32_t capabilities = by_write | by_lending;
  std::vector<uint32_t> codes = {V4L2_PIX_FMT_NV12};
  uint32_t width = 0;        ///< the only one it has; 0: any
  uint32_t height = 0;       ///< likewise
  uint32_t stride_step = 1;  ///< it rounds bytesperline up to a multiple of this
  uint32_t set_step = 0;     ///< and to this once it is set, without having said so; 0: as before
  uint32_t field = V4L2_FIELD_NONE;
  uint32_t most_buffers = VIDEO_MAX_FRAME;
  bool adds_buffers = true;         ///< VIDIOC_CREATE_BUFS
  bool answers_with_pages = false;  ///< VIDIOC_S_FMT says how large its buffers are
  int open_error = 0;
  int set_error = 0;
  bool others_use_it = false;
  int not_now = 0;                  ///< so many writes are answered with EAGAIN
  int gone_after = -1;              ///< unplugged after so many frames
  size_t takes_at_most = SIZE_MAX;  ///< bytes of a write
};

/// Thread-safe.
class FakeDevice final : public Syscalls {
 public:
  explicit FakeDevice(FakeTraits traits = {}) : traits_(std::move(traits)) {}

  int open(const std::string& path) override;
  int ioctl(int fd, unsigned long request, void* argument) override;
  ssize_t write(int fd, const std::byte* bytes, size_t size) override;
  int poll_output(int fd, int timeout_ms) override;
  void* map(int fd, size_t size, int64_t offset) override;
  void unmap(void* address, size_t size) override;

  /// The frames that were given to it, in order.
  [[nodiscard]] std::vector<std::vector<std::byte>> shown() const;

  /// What is mapped, lent out and streaming now: nothing, once everybody has gone.
  [[nodiscard]] size_t mapped() const;
  [[nodiscard]] bool has_buffers() const;
  [[nodiscard]] bool streams() const;

 private:
  using Bytes = std::vector<std::byte>;

  int answer(unsigned long request, void* argument) MILLRACE_REQUIRES(mutex_);
  int list_format(v4l2_fmtdesc& wire) const;
  int settle(v4l2_pix_format& pix, uint32_t step) const;
  int set_format(v4l2_format& wire) MILLRACE_REQUIRES(mutex_);
  int create_buffers(v4l2_create_buffers& wire) MILLRACE_REQUIRES(mutex_);
  int request_buffers(v4l2_requestbuffers& wire) MILLRACE_REQUIRES(mutex_);
  int describe_buffer(v4l2_buffer& wire) MILLRACE_REQUIRES(mutex_);
  int queue(v4l2_buffer& wire) MILLRACE_REQUIRES(mutex_);
  int dequeue(v4l2_buffer& wire) MILLRACE_REQUIRES(mutex_);
  void keep(Bytes bytes) MILLRACE_REQUIRES(mutex_);
  [[nodiscard]] bool is_gone() const MILLRACE_REQUIRES(mutex_);
  [[nodiscard]] uint32_t buffer_bytes() const MILLRACE_REQUIRES(mutex_);

  const FakeTraits traits_;
  mutable Mutex mutex_;
  int fd_ MILLRACE_GUARDED_BY(mutex_) = -1;
  v4l2_pix_format set_ MILLRACE_GUARDED_BY(mutex_) = {};
  uint32_t buffers_ MILLRACE_GUARDED_BY(mutex_) = 0;
  std::deque<uint32_t> queued_ MILLRACE_GUARDED_BY(mutex_);
  std::set<void*> mapped_ MILLRACE_GUARDED_BY(mutex_);
  std::vector<Bytes> shown_ MILLRACE_GUARDED_BY(mutex_);
  int not_now_ MILLRACE_GUARDED_BY(mutex_) = 0;
  bool streams_ MILLRACE_GUARDED_BY(mutex_) = false;
};

}  // namespace millrace::v4l2::test
