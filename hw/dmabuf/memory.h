// SPDX-License-Identifier: MIT
// Memory over a dma-buf: mapped once, each CPU access bracketed by DMA_BUF_IOCTL_SYNC.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/memory/memory.h"

namespace millrace::dmabuf {

/// Which bytes of a dma-buf are the visible ones.
struct MemoryRange {
  size_t maxsize = 0;  ///< bytes of the whole dma-buf, all of them mapped
  size_t offset = 0;
  size_t size = 0;
  size_t align = 1;
  MemoryFlags flags{};      ///< what is known of it besides
  std::string_view type{};  ///< the heap that it is of, a literal; without it "dma-buf"
};

/// Whether the file is a dma-buf: a software VA driver may export a memfd instead.
[[nodiscard]] MILLRACE_API bool is_dmabuf(int fd);

/// Takes over `dmabuf`. Read-only where the exporter maps it for reading alone. Fails for a range
/// outside it, and where the exporter cannot map it.
[[nodiscard]] MILLRACE_API Result<Ref<Memory>> import_memory(UniqueFd dmabuf,
                                                             const MemoryRange& range);

}  // namespace millrace::dmabuf
