// SPDX-License-Identifier: MIT
// Any sizes, offsets and alignments: memory that is as large as was asked and lies as was asked, or
// an error. Sums are checked against arithmetic that cannot wrap, and what a request costs in
// address space against what it asked for.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "engine/base/unique_fd.h"
#include "engine/memory/block_cache.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"
#include "engine/memory/wrapped_memory.h"
#include "tests/fuzz/bytes.h"

// A sanitizer's malloc ends the program where the real one returns null.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "allocator_may_return_null=1";
}

extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options() {
  return "allocator_may_return_null=1";
}

using namespace millrace;
using fuzz::Bytes;

namespace {

__extension__ using Wide = unsigned __int128;

constexpr size_t mebibyte = size_t{1} << 20;
constexpr size_t affordable = 16 * mebibyte;
constexpr size_t impossible = size_t{1} << 47;  // more than a process can address

void require(bool promise) {
  if (!promise) std::abort();
}

/// Bytes of address space that this process has.
size_t address_space() {
  static const UniqueFd file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 64> text{};
  require(::pread(file.get(), text.data(), text.size() - 1, 0) > 0);
  return std::strtoull(text.data(), nullptr, 10) * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

bool is_inside(Wide offset, Wide size, Wide whole) {
  return offset + size <= whole;
}

/// Touches both ends of the block, which are there.
void touch(Memory& memory) {
  if (memory.maxsize() == 0) return;
  const Result<WriteView> view = WriteView::open(memory, 0, memory.maxsize());
  require(view.has_value() || memory.flags().read_only || memory.flags().not_mappable);
  if (!view) return;
  view->bytes().front() = std::byte{1};
  view->bytes().back() = std::byte{1};
}

void share_and_open(Memory& memory, Bytes& bytes) {
  const uint64_t offset = bytes.number();
  const uint64_t size = bytes.number();
  const bool is_mappable = !memory.flags().not_mappable;
  const Result<Ref<Memory>> part = memory.share(offset, size);
  require(part.has_value() == (is_inside(offset, size, memory.size()) && !memory.flags().no_share));
  if (part && is_mappable) require((*part)->read()->size() == size);
  const Result<ReadView> view = ReadView::open(memory, offset, size);
  require(view.has_value() == (is_inside(offset, size, memory.maxsize()) && is_mappable));
}

void resize(Memory& memory, Bytes& bytes) {
  const auto delta = static_cast<int64_t>(bytes.number());
  const uint64_t size = bytes.number();
  const Wide start = static_cast<Wide>(memory.offset()) + static_cast<Wide>(delta);
  const bool begins_inside = start <= memory.maxsize();
  const bool fits = begins_inside && is_inside(start, size, memory.maxsize());
  require(memory.resize(delta, size).has_value() == (fits && !memory.flags().read_only));
  require(is_inside(memory.offset(), memory.size(), memory.maxsize()));
}

void use(Memory& memory, Bytes& bytes) {
  touch(memory);
  while (!bytes.is_over()) {
    share_and_open(memory, bytes);
    resize(memory, bytes);
  }
}

MemoryFlags flags_of(uint8_t bits) {
  return {.read_only = (bits & 1) != 0,
          .no_share = (bits & 2) != 0,
          .zero_prefixed = (bits & 4) != 0,
          .zero_padded = (bits & 8) != 0,
          .physically_contiguous = (bits & 0x70) == 0x70,
          .not_mappable = (bits & 0x90) == 0x90};
}

void allocate(Allocator& allocator, Bytes& bytes) {
  const uint64_t size = bytes.number();
  const AllocationParams params{.align = bytes.number(),
                                .prefix = bytes.number(),
                                .padding = bytes.number(),
                                .flags = flags_of(bytes.next())};
  const Wide asked = static_cast<Wide>(size) + params.prefix + params.padding + params.align;
  // In between it depends on the machine.
  if (asked > affordable && asked < impossible) return;
  const size_t before = address_space();
  const Result<Ref<Memory>> memory = allocator.allocate(size, params);
  const size_t after = address_space();
  require(asked < impossible || !memory);
  require(memory.has_value() || !memory.error().what.empty());
  require(after <= before + mebibyte + (memory ? static_cast<size_t>(asked) : 0));
  if (!memory) return;
  require((*memory)->size() == size && (*memory)->offset() >= params.prefix);
  require(is_inside(static_cast<Wide>((*memory)->offset()) + size, params.padding,
                    (*memory)->maxsize()));
  use(**memory, bytes);
}

void wrap(Bytes& bytes) {
  std::array<std::byte, 64> block{};
  int released = 0;
  const uint64_t offset = bytes.number();
  const uint64_t size = bytes.number();
  {
    const Result<Ref<Memory>> memory = wrap_memory(block, {.offset = offset,
                                                           .size = size,
                                                           .flags = flags_of(bytes.next()),
                                                           .release = [&released] { ++released; }});
    require(memory.has_value() == is_inside(offset, size, block.size()));
    if (memory) use(**memory, bytes);
    require(released == 0);
    if (!memory) return;
  }
  require(released == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  SystemAllocator host;
  MemfdAllocator memfd;
  const uint8_t which = bytes.next();
  if (which % 4 == 0) {
    wrap(bytes);
  } else {
    allocate(which % 4 == 1 ? static_cast<Allocator&>(memfd) : host, bytes);
  }
  BlockCache::process().trim();
  return 0;
}
