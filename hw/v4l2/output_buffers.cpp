// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_buffers.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/base/log.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/observe/witness.h"
#include "hw/dmabuf/cpu_sync.h"
#include "hw/v4l2/output_offer.h"
#include "hw/v4l2/wire_buffer.h"

namespace millrace::v4l2 {
namespace {

/// Where all buffers must be asked for at once: more than a short pipeline's pool has.
constexpr uint32_t buffers_at_once = 8;

UniqueFd export_buffer(const OutputDevice& device, uint32_t index) {
  v4l2_exportbuffer wire{};
  wire.type = device.buffer_type();
  wire.index = index;
  wire.flags = O_CLOEXEC | O_RDWR;
  return device.control(VIDIOC_EXPBUF, &wire) == 0 ? UniqueFd(wire.fd) : UniqueFd();
}

}  // namespace

BufferMemory::BufferMemory(const Facts& facts, Parts parts)
    : Memory(facts), parts_(std::move(parts)) {
  observe::witness::frame_memory_mapped(parts_.address, maxsize());
}

// The driver frees nothing that is mapped or exported.
BufferMemory::~BufferMemory() {
  observe::witness::frame_memory_unmapped(parts_.address);
  parts_.owner->device().calls().unmap(parts_.address, maxsize());
  parts_.dmabuf.reset();
  parts_.owner->give_back(parts_.index);
}

Result<> BufferMemory::begin_cpu_access(bool write) {
  if (!parts_.dmabuf) return {};
  return dmabuf::sync_cpu_access(fd(), dmabuf::Edge::begin, write);
}

void BufferMemory::end_cpu_access(bool write) noexcept {
  if (!parts_.dmabuf) return;
  const Result<> ended = dmabuf::sync_cpu_access(fd(), dmabuf::Edge::end, write);
  if (!ended) log::error("v4l2", ended.error().what);
}

Result<Ref<BufferMemory>> OutputBuffers::take() {
  uint32_t index = 0;
  {
    const Lock lock(mutex_);
    if (free_.empty()) MILLRACE_TRY(ask_for_more());
    index = free_.back();
    free_.pop_back();
    ++lent_;
  }
  Result<Ref<BufferMemory>> memory = reach(index);
  if (!memory) give_back(index);
  return memory;
}

Result<> OutputBuffers::ask_for_more() {
  if (grows_) {
    const Result<> created = create_one();
    if (created || lent_ > 0) return created;
    grows_ = false;
  }
  if (lent_ == 0) return request_all();
  return fail(ErrorKind::unavailable, fmt::format("borrow a buffer of {}: it lends no more than {}",
                                                  device_->name(), lent_));
}

Result<> OutputBuffers::create_one() {
  v4l2_create_buffers wire{};
  wire.count = 1;
  wire.memory = V4L2_MEMORY_MMAP;
  wire.format.type = device_->buffer_type();
  int error_number = device_->control(VIDIOC_G_FMT, &wire.format);
  if (error_number == 0) error_number = device_->control(VIDIOC_CREATE_BUFS, &wire);
  if (error_number == 0 && wire.count > 0) {
    free_.push_back(wire.index);
    return {};
  }
  return fail_errno("borrow a buffer of " + device_->name(), error_number);
}

Result<> OutputBuffers::request_all() {
  v4l2_requestbuffers wire{};
  wire.count = buffers_at_once;
  wire.memory = V4L2_MEMORY_MMAP;
  wire.type = device_->buffer_type();
  const int error_number = device_->control(VIDIOC_REQBUFS, &wire);
  if (error_number != 0) {
    return fail_errno("borrow buffers of " + device_->name(), error_number);
  }
  if (wire.count == 0) {
    return fail(ErrorKind::unavailable,
                "borrow buffers of " + device_->name() + ": it has none to lend");
  }
  for (uint32_t index = std::min<uint32_t>(wire.count, VIDEO_MAX_FRAME); index-- > 0;) {
    free_.push_back(index);
  }
  return {};
}

Result<Ref<BufferMemory>> OutputBuffers::reach(uint32_t index) {
  WireBuffer asked(device_->buffer_type(), index);
  const int error_number = device_->control(VIDIOC_QUERYBUF, &asked.wire());
  const std::string act = fmt::format("map buffer {} of {}", index, device_->name());
  if (error_number != 0) return fail_errno(act, error_number);
  const size_t size = MILLRACE_TRY(whole_pages(asked.length()));
  void* const address = device_->calls().map(device_->fd(), size, asked.map_offset());
  if (address == MAP_FAILED) return fail_errno(act, errno);
  BufferMemory::Parts parts{.owner = shared_from_this(),
                            .index = index,
                            .address = static_cast<std::byte*>(address),
                            .dmabuf = export_buffer(*device_, index)};
  Memory::Facts facts{.kind = parts.dmabuf ? MemoryKind::dmabuf : MemoryKind::device,
                      .maxsize = size,
                      .size = size,
                      .identity = {0, reinterpret_cast<uintptr_t>(address)}};
  const Result<size_t> page = whole_pages(1);
  if (page) facts.align = *page;
  const Result<FileIdentity> file = parts.dmabuf ? identify(parts.dmabuf.get()) : facts.identity;
  if (file) facts.identity = *file;
  std::fill_n(parts.address, size, std::byte{0});
  return make_ref<BufferMemory>(facts, std::move(parts));
}

void OutputBuffers::give_back(uint32_t index) noexcept {
  const Lock lock(mutex_);
  --lent_;
  if (lent_ > 0) {
    free_.push_back(index);
    return;
  }
  free_.clear();
  v4l2_requestbuffers none{};
  none.memory = V4L2_MEMORY_MMAP;
  none.type = device_->buffer_type();
  // Of a device that is gone the kernel has freed them already.
  static_cast<void>(device_->control(VIDIOC_REQBUFS, &none));
}

OutputAllocator::OutputAllocator(std::shared_ptr<OutputDevice> device, Grant grant)
    : device_(std::move(device)),
      grant_(std::move(grant)),
      buffers_(std::make_shared<OutputBuffers>(device_)) {}

std::string_view OutputAllocator::heap() const {
  return buffer_heap;
}

Result<Ref<Memory>> OutputAllocator::allocate(size_t size, const AllocationParams& params) {
  if (params.flags != MemoryFlags{}) {
    return fail(ErrorKind::unavailable,
                fmt::format("borrow a buffer of {} with flags: it is the driver's memory",
                            device_->name()));
  }
  const Grant granted = MILLRACE_TRY(device_->set(grant_));
  if (granted.layout != grant_.layout || granted.image_bytes != grant_.image_bytes) {
    return fail(ErrorKind::unavailable,
                fmt::format("borrow a buffer of {}: {}, and {} before", device_->name(),
                            granted.why.raw, grant_.why.raw));
  }
  Ref<BufferMemory> memory = MILLRACE_TRY(buffers_->take());
  const auto needed = checked_add(size, params.padding);
  if (params.prefix != 0 || !needed || *needed > memory->maxsize()) {
    return fail(ErrorKind::unavailable, fmt::format("allocate {} bytes in a buffer of {}: it has "
                                                    "{}",
                                                    size, device_->name(), memory->maxsize()));
  }
  if (memory->align() < params.align) {
    return fail(ErrorKind::unavailable,
                fmt::format("allocate a buffer of {}: it starts on a page only", device_->name()));
  }
  MILLRACE_TRY(memory->set_range(0, size));
  return Ref<Memory>(std::move(memory));
}

}  // namespace millrace::v4l2
