// SPDX-License-Identifier: MIT
// UdmabufAllocator: CPU memory that is a dma-buf, made of a sealed memfd by /dev/udmabuf.
//
// Thread-safe. Each block is one memfd and one dma-buf; only the dma-buf stays open.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/export.h"
#include "engine/base/unique_fd.h"
#include "engine/memory/allocator.h"

namespace millrace::dmabuf {

class MILLRACE_API UdmabufAllocator final : public Allocator {
 public:
  /// Errors: `unavailable` where /dev/udmabuf is absent, `denied` where it is closed to this user.
  [[nodiscard]] static Result<std::unique_ptr<Allocator>> create();

  [[nodiscard]] std::string_view heap() const override { return "udmabuf"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::dmabuf; }

  /// Errors: `unavailable` above the driver's limit for one block.
  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override;

 private:
  UdmabufAllocator(UniqueFd device, uint64_t largest)
      : device_(std::move(device)), largest_(largest) {}

  const UniqueFd device_;
  const uint64_t largest_;
};

}  // namespace millrace::dmabuf
