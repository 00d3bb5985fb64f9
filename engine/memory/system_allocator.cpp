// SPDX-License-Identifier: MIT
#include "engine/memory/system_allocator.h"

#include <cstdlib>
#include <memory>

#include <fmt/format.h>

namespace millrace {
namespace {

struct Free {
  void operator()(void* block) const { std::free(block); }
};

using Block = std::unique_ptr<std::byte, Free>;

class SystemMemory final : public Memory {
 public:
  SystemMemory(Block block, const Facts& facts) : Memory(facts), block_(std::move(block)) {}

 protected:
  Result<std::byte*> address() override { return block_.get(); }

 private:
  Block block_;
};

size_t aligned_offset(const std::byte* start, const AllocationParams& params) {
  const auto visible = reinterpret_cast<uintptr_t>(start) + params.prefix;
  return ((visible + params.align - 1) & ~(params.align - 1)) - reinterpret_cast<uintptr_t>(start);
}

}  // namespace

Result<Ref<Memory>> SystemAllocator::allocate(size_t size, const AllocationParams& params) {
  const size_t total = MILLRACE_TRY(block_size(size, params));
  // calloc of a large block maps fresh zero pages: nothing is touched before its first use.
  Block block(static_cast<std::byte*>(std::calloc(total ? total : 1, 1)));
  if (!block) {
    return fail(ErrorKind::internal,
                fmt::format("allocate {} bytes of host memory: none left", total),
                "Use fewer --buffers or a smaller --size.");
  }
  const size_t offset = aligned_offset(block.get(), params);
  const Memory::Facts facts{.kind = MemoryKind::host,
                            .maxsize = total,
                            .offset = offset,
                            .size = size,
                            .align = params.align,
                            .identity = {0, reinterpret_cast<uintptr_t>(block.get())}};
  return Ref<Memory>(make_ref<SystemMemory>(std::move(block), facts));
}

}  // namespace millrace
