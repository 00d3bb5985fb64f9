// SPDX-License-Identifier: MIT
#include "engine/memory/system_allocator.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "engine/base/recycler.h"
#include "engine/memory/host_block.h"

namespace millrace {
namespace {

class SystemMemory final : public Memory, public Recycled {
 public:
  SystemMemory(HostBlock block, const Facts& facts) : Memory(facts), block_(std::move(block)) {
    if (!facts.flags.not_mappable) set_mapped(block_.data());
  }

 protected:
  Result<std::byte*> address() override { return block_.data(); }

 private:
  HostBlock block_;
};

size_t aligned_offset(const std::byte* start, const AllocationParams& params) {
  const auto visible = reinterpret_cast<uintptr_t>(start) + params.prefix;
  return ((visible + params.align - 1) & ~(params.align - 1)) - reinterpret_cast<uintptr_t>(start);
}

/// Does what the flags promise of the bytes.
void zero(std::byte* start, const MemoryFacts& facts) {
  const std::span block(start, facts.maxsize);
  if (facts.flags.read_only) {
    std::ranges::fill(block, std::byte{0});
    return;
  }
  if (facts.flags.zero_prefixed) std::ranges::fill(block.first(facts.offset), std::byte{0});
  if (facts.flags.zero_padded) {
    std::ranges::fill(block.subspan(facts.offset + facts.size), std::byte{0});
  }
}

}  // namespace

Result<Ref<Memory>> SystemAllocator::allocate(size_t size, const AllocationParams& params) {
  const size_t total = MILLRACE_TRY(block_size(size, params));
  HostBlock block = HostBlock::take(total);
  if (!block) {
    return fail(ErrorKind::internal,
                fmt::format("allocate {} bytes of host memory: none left", total),
                "Use fewer --buffers or a smaller --size.");
  }
  const Memory::Facts facts{.kind = MemoryKind::host,
                            .flags = params.flags,
                            .maxsize = total,
                            .offset = aligned_offset(block.data(), params),
                            .size = size,
                            .align = params.align,
                            .identity = {0, reinterpret_cast<uintptr_t>(block.data())}};
  zero(block.data(), facts);
  return Ref<Memory>(make_ref<SystemMemory>(std::move(block), facts));
}

}  // namespace millrace
