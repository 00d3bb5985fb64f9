// SPDX-License-Identifier: MIT
#include "hw/dmabuf/udmabuf_allocator.h"

#include <fmt/format.h>

#include "engine/memory/memfd_allocator.h"
#include "hw/dmabuf/memory.h"
#include "hw/dmabuf/udmabuf.h"

namespace millrace::dmabuf {

Result<std::unique_ptr<Allocator>> UdmabufAllocator::create() {
  UniqueFd device = MILLRACE_TRY(open_udmabuf());
  return std::unique_ptr<Allocator>(new UdmabufAllocator(std::move(device), udmabuf_size_limit()));
}

Result<Ref<Memory>> UdmabufAllocator::allocate(size_t size, const AllocationParams& params) {
  const PagePlacement place = MILLRACE_TRY(place_in_pages(size, params));
  if (place.total > largest_) {
    return fail(
        ErrorKind::unavailable,
        fmt::format("allocate {} bytes by udmabuf: one dma-buf may have {}", place.total, largest_),
        "Raise /sys/module/udmabuf/parameters/size_limit_mb, or use a smaller --size.");
  }
  const UniqueFd memfd = MILLRACE_TRY(create_sealed_memfd(place.total));
  UniqueFd dmabuf = MILLRACE_TRY(wrap_memfd(device_.get(), memfd.get(), place.total));
  // The pages of a new file are zero, so every flag that promises zeros is kept.
  return import_memory(std::move(dmabuf), {.maxsize = place.total,
                                           .offset = place.offset,
                                           .size = size,
                                           .align = params.align,
                                           .flags = params.flags,
                                           .type = "udmabuf"});
}

}  // namespace millrace::dmabuf
