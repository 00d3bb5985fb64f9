// SPDX-License-Identifier: MIT
// The buffers that a device lends (V4L2_MEMORY_MMAP): whoever writes into one has written where the
// device reads. OutputAllocator: the same as a heap for pools.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/memory/allocator.h"
#include "hw/v4l2/output_device.h"

namespace millrace::v4l2 {

class OutputBuffers;

/// One of them, mapped. Where the driver exports it, it is a dma-buf, too.
class MILLRACE_API BufferMemory final : public Memory {
 public:
  struct Parts {
    std::shared_ptr<OutputBuffers> owner;
    uint32_t index = 0;
    std::byte* address = nullptr;
    UniqueFd dmabuf;  ///< or none
  };

  BufferMemory(const Facts& facts, Parts parts);
  ~BufferMemory() override;

  /// The driver's number of it.
  [[nodiscard]] uint32_t index() const { return parts_.index; }

  [[nodiscard]] const OutputBuffers* owner() const { return parts_.owner.get(); }

  [[nodiscard]] int fd() const override { return parts_.dmabuf.get(); }

 protected:
  Result<std::byte*> address() override { return parts_.address; }

  Result<> begin_cpu_access(bool write) override;
  void end_cpu_access(bool write) noexcept override;

 private:
  Parts parts_;
};

/// Thread-safe. Kept alive by its buffers; when the last of them dies the driver frees them all.
class MILLRACE_API OutputBuffers : public std::enable_shared_from_this<OutputBuffers> {
 public:
  explicit OutputBuffers(std::shared_ptr<OutputDevice> device) : device_(std::move(device)) {}

  /// One more, all zero. The device is set to a format. Errors: `unavailable` where it lends no
  /// more.
  [[nodiscard]] Result<Ref<BufferMemory>> take();

  [[nodiscard]] const OutputDevice& device() const { return *device_; }

 private:
  friend class BufferMemory;

  void give_back(uint32_t index) noexcept;
  Result<> ask_for_more() MILLRACE_REQUIRES(mutex_);
  Result<> create_one() MILLRACE_REQUIRES(mutex_);
  Result<> request_all() MILLRACE_REQUIRES(mutex_);
  Result<Ref<BufferMemory>> reach(uint32_t index);

  const std::shared_ptr<OutputDevice> device_;
  Mutex mutex_;
  std::vector<uint32_t> free_ MILLRACE_GUARDED_BY(mutex_);
  size_t lent_ MILLRACE_GUARDED_BY(mutex_) = 0;
  bool grows_ MILLRACE_GUARDED_BY(mutex_) = true;  ///< the driver adds buffers one by one
};

/// Thread-safe.
class MILLRACE_API OutputAllocator final : public Allocator {
 public:
  OutputAllocator(std::shared_ptr<OutputDevice> device, Grant grant);

  [[nodiscard]] std::string_view heap() const override;

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::device; }

  /// Sets the device before the first one. Errors: `unavailable` for more bytes than a buffer has,
  /// and for a device that lays pictures out otherwise than it said.
  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override;

 private:
  const std::shared_ptr<OutputDevice> device_;
  const Grant grant_;
  const std::shared_ptr<OutputBuffers> buffers_;
};

}  // namespace millrace::v4l2
