// SPDX-License-Identifier: MIT
#include "tests/hw/v4l2/fake_device.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "engine/format/layout.h"
#include "hw/v4l2/formats.h"

namespace millrace::v4l2::test {
namespace {

constexpr uint32_t page = 4096;

uint32_t rounded_up(uint32_t value, uint32_t step) {
  return (value + step - 1) / step * step;
}

int failed(int error_number) {
  errno = error_number;
  return -1;
}

}  // namespace

int FakeDevice::open(const std::string& path) {
  if (traits_.open_error != 0) return failed(traits_.open_error);
  const Lock lock(mutex_);
  fd_ = memfd_create(path.c_str(), MFD_CLOEXEC);
  return fd_;
}

int FakeDevice::ioctl(int /*fd*/, unsigned long request, void* argument) {
  const Lock lock(mutex_);
  const int error_number = is_gone() ? ENODEV : answer(request, argument);
  return error_number == 0 ? 0 : failed(error_number);
}

int FakeDevice::answer(unsigned long request, void* argument) {
  switch (request) {
    case VIDIOC_QUERYCAP: {
      auto& wire = *static_cast<v4l2_capability*>(argument);
      std::strncpy(reinterpret_cast<char*>(wire.driver), traits_.driver.c_str(), 15);
      std::strncpy(reinterpret_cast<char*>(wire.card), "Fake", 31);
      wire.capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE;
      wire.device_caps = traits_.capabilities;
      return 0;
    }
    case VIDIOC_ENUM_FMT:
      return list_format(*static_cast<v4l2_fmtdesc*>(argument));
    case VIDIOC_TRY_FMT:
      return settle(static_cast<v4l2_format*>(argument)->fmt.pix, traits_.stride_step);
    case VIDIOC_S_FMT:
      return set_format(*static_cast<v4l2_format*>(argument));
    case VIDIOC_G_FMT:
      static_cast<v4l2_format*>(argument)->fmt.pix = set_;
      return 0;
    case VIDIOC_CREATE_BUFS:
      return create_buffers(*static_cast<v4l2_create_buffers*>(argument));
    case VIDIOC_REQBUFS:
      return request_buffers(*static_cast<v4l2_requestbuffers*>(argument));
    case VIDIOC_QUERYBUF:
      return describe_buffer(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_QBUF:
      return queue(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_DQBUF:
      return dequeue(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_STREAMON:
    case VIDIOC_STREAMOFF:
      streams_ = request == VIDIOC_STREAMON;
      if (!streams_) queued_.clear();
      return 0;
    default:
      return ENOTTY;
  }
}

int FakeDevice::list_format(v4l2_fmtdesc& wire) const {
  if (wire.index >= traits_.codes.size()) return EINVAL;
  wire.pixelformat = traits_.codes[wire.index];
  return 0;
}

/// As drivers do: what it has not is replaced, not refused.
int FakeDevice::settle(v4l2_pix_format& pix, uint32_t step) const {
  if (std::ranges::find(traits_.codes, pix.pixelformat) == traits_.codes.end()) {
    pix.pixelformat = traits_.codes.front();
  }
  if (traits_.width != 0) pix.width = traits_.width;
  if (traits_.height != 0) pix.height = traits_.height;
  const PixelFormat format = format_of(pix.pixelformat).value_or(PixelFormat::nv12);
  const auto row =
      static_cast<uint32_t>(visible_extent(format, 0, pix.width, pix.height).row_bytes);
  pix.bytesperline = rounded_up(row, step);
  pix.sizeimage =
      static_cast<uint32_t>(payload_bytes(format, pix.width, pix.height) / row * pix.bytesperline);
  pix.field = traits_.field;
  return 0;
}

int FakeDevice::set_format(v4l2_format& wire) {
  if (traits_.set_error != 0) return traits_.set_error;
  settle(wire.fmt.pix, traits_.set_step != 0 ? traits_.set_step : traits_.stride_step);
  set_ = wire.fmt.pix;
  if (traits_.answers_with_pages) wire.fmt.pix.sizeimage = rounded_up(set_.sizeimage, page);
  return 0;
}

uint32_t FakeDevice::buffer_bytes() const {
  return rounded_up(set_.sizeimage, page);
}

int FakeDevice::create_buffers(v4l2_create_buffers& wire) {
  if (!traits_.adds_buffers) return ENOTTY;
  if (buffers_ == traits_.most_buffers) return ENOMEM;
  wire.index = buffers_++;
  return ftruncate(fd_, int64_t{buffer_bytes()} * buffers_) == 0 ? 0 : errno;
}

int FakeDevice::request_buffers(v4l2_requestbuffers& wire) {
  if (traits_.others_use_it || (wire.count == 0 && !mapped_.empty())) return EBUSY;
  wire.count = std::min(wire.count, traits_.most_buffers);
  buffers_ = wire.count;
  return ftruncate(fd_, int64_t{buffer_bytes()} * buffers_) == 0 ? 0 : errno;
}

int FakeDevice::describe_buffer(v4l2_buffer& wire) {
  if (wire.index >= buffers_) return EINVAL;
  wire.length = set_.sizeimage;
  wire.m.offset = wire.index * buffer_bytes();
  return 0;
}

int FakeDevice::queue(v4l2_buffer& wire) {
  if (wire.index >= buffers_ || std::ranges::find(queued_, wire.index) != queued_.end()) {
    return EINVAL;
  }
  Bytes bytes(wire.bytesused);
  if (pread(fd_, bytes.data(), bytes.size(), int64_t{wire.index} * buffer_bytes()) < 0)
    return errno;
  keep(std::move(bytes));
  queued_.push_back(wire.index);
  return 0;
}

/// The last one is shown until there is another.
int FakeDevice::dequeue(v4l2_buffer& wire) {
  if (!streams_) return EINVAL;
  if (queued_.size() < 2) return EAGAIN;
  wire.index = queued_.front();
  queued_.pop_front();
  return 0;
}

ssize_t FakeDevice::write(int /*fd*/, const std::byte* bytes, size_t size) {
  const Lock lock(mutex_);
  if (is_gone()) return failed(ENODEV);
  if (not_now_ < traits_.not_now) {
    ++not_now_;
    return failed(EAGAIN);
  }
  const size_t taken = std::min(size, traits_.takes_at_most);
  keep(Bytes(bytes, bytes + taken));
  return static_cast<ssize_t>(taken);
}

int FakeDevice::poll_output(int /*fd*/, int /*timeout_ms*/) {
  return 1;
}

void* FakeDevice::map(int fd, size_t size, int64_t offset) {
  void* const address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
  const Lock lock(mutex_);
  if (address != MAP_FAILED) mapped_.insert(address);
  return address;
}

void FakeDevice::unmap(void* address, size_t size) {
  const Lock lock(mutex_);
  mapped_.erase(address);
  ::munmap(address, size);
}

void FakeDevice::keep(Bytes bytes) {
  shown_.push_back(std::move(bytes));
}

bool FakeDevice::is_gone() const {
  return traits_.gone_after >= 0 && shown_.size() >= static_cast<size_t>(traits_.gone_after);
}

std::vector<std::vector<std::byte>> FakeDevice::shown() const {
  const Lock lock(mutex_);
  return shown_;
}

size_t FakeDevice::mapped() const {
  const Lock lock(mutex_);
  return mapped_.size();
}

bool FakeDevice::has_buffers() const {
  const Lock lock(mutex_);
  return buffers_ > 0;
}

bool FakeDevice::streams() const {
  const Lock lock(mutex_);
  return streams_;
}

}  // namespace millrace::v4l2::test
