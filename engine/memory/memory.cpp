// SPDX-License-Identifier: MIT
#include "engine/memory/memory.h"

#include <fmt/format.h>

#include "engine/memory/shared_memory.h"

namespace millrace {
namespace {

Failure outside(const char* act, size_t size, size_t offset, size_t has) {
  return fail(ErrorKind::internal,
              fmt::format("{} to {} bytes at {}: it has {}", act, size, offset, has));
}

}  // namespace

std::string_view to_string(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::host:
      return "host";
    case MemoryKind::memfd:
      return "memfd";
    case MemoryKind::dmabuf:
      return "dma-buf";
    case MemoryKind::device:
      return "device";
  }
  return "?";
}

Memory::Memory(const Facts& facts) : facts_(facts) {
  if (facts_.type.empty()) facts_.type = to_string(facts_.kind);
}

Result<> Memory::set_range(size_t offset, size_t size) {
  if (offset > facts_.maxsize || size > facts_.maxsize - offset) {
    return outside("resize memory", size, offset, facts_.maxsize);
  }
  facts_.flags.zero_prefixed &= offset <= facts_.offset;
  facts_.flags.zero_padded &= offset + size >= facts_.offset + facts_.size;
  facts_.offset = offset;
  facts_.size = size;
  return {};
}

Result<> Memory::resize(ptrdiff_t delta, size_t size) {
  if (!is_writable()) {
    return fail(ErrorKind::denied, "resize memory: it is read-only, or others see the same bytes",
                "Drop the other holders, or show a part of it with share().");
  }
  const size_t distance =
      delta < 0 ? size_t{0} - static_cast<size_t>(delta) : static_cast<size_t>(delta);
  if (delta < 0 ? distance > facts_.offset : distance > facts_.maxsize - facts_.offset) {
    return fail(ErrorKind::internal,
                fmt::format("resize memory: {:+} bytes from {} leave the block of {}", delta,
                            facts_.offset, facts_.maxsize));
  }
  return set_range(delta < 0 ? facts_.offset - distance : facts_.offset + distance, size);
}

Result<Ref<Memory>> Memory::share(size_t offset, size_t size) {
  if (facts_.flags.no_share) {
    return fail(ErrorKind::denied,
                fmt::format("share {} memory: it may not be shared", facts_.type),
                "Copy the bytes instead.");
  }
  if (offset > facts_.size || size > facts_.size - offset) {
    return outside("share a part of memory", size, offset, facts_.size);
  }
  return SharedMemory::create(*this, facts_.offset + offset, size);
}

bool Memory::is_writable() const {
  return !facts_.flags.read_only &&
         AccessWord::owners(word_.load(std::memory_order_acquire)) < AccessWord::child_weight;
}

namespace {

bool takes_owner(uint64_t word, uint64_t weight) {
  const uint64_t owners = AccessWord::owners(word) + weight;
  return owners <= AccessWord::most_owners &&
         (AccessWord::writers(word) == 0 || owners < AccessWord::child_weight);
}

}  // namespace

bool Memory::add_owner_slowly(uint64_t weight, uint64_t more) const noexcept {
  uint64_t seen = word_.load(std::memory_order_relaxed);
  do {
    if (!takes_owner(seen, weight)) return false;
  } while (!word_.compare_exchange_weak(seen, seen + more, std::memory_order_acq_rel,
                                        std::memory_order_relaxed));
  return true;
}

Span is_span(const Memory& a, const Memory& b) {
  const bool parts = a.parent() && a.parent() == b.parent();
  if (!parts || a.offset() + a.size() != b.offset()) return {};
  return {true, a.offset() - a.parent()->offset()};
}

}  // namespace millrace
