// SPDX-License-Identifier: MIT
// Memory: one block of bytes and the ways to reach it.
//
//   |<---------------- maxsize ---------------->|
//   |<- offset ->|<------- size ------->|
//
// Counted by Ref. Thread-safe in its references, guards and owners; its range may change only while
// one thread has it. `read` and `write` open guards (views.h): spans of time in which the CPU may
// touch the bytes. A guard records itself (engine/observe/stage_scope.h), keeps the memory alive,
// and for a dma-buf brackets the access with the cache operations that the kernel asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/memory/access.h"
#include "engine/memory/memory_facts.h"

namespace millrace {

class ReadView;
class WriteView;

class MILLRACE_API Memory : public RefCounted {
 public:
  using Facts = MemoryFacts;

  [[nodiscard]] MemoryKind kind() const { return facts_.kind; }

  /// The name of the heap or device that it is of: "host", "memfd", "wrapped", "dma-buf"; a child
  /// has its root's.
  [[nodiscard]] std::string_view type() const { return facts_.type; }

  [[nodiscard]] bool is_type(std::string_view name) const { return facts_.type == name; }

  [[nodiscard]] MemoryFlags flags() const { return facts_.flags; }

  [[nodiscard]] size_t maxsize() const { return facts_.maxsize; }

  [[nodiscard]] size_t offset() const { return facts_.offset; }

  [[nodiscard]] size_t size() const { return facts_.size; }

  [[nodiscard]] size_t align() const { return facts_.align; }

  [[nodiscard]] const FileIdentity& identity() const { return facts_.identity; }

  /// The file behind the memory, borrowed; -1 for host memory and a device's own.
  [[nodiscard]] virtual int fd() const { return -1; }

  /// The block that this memory is a part of; null for one that stands for itself. Never a child.
  [[nodiscard]] virtual Memory* parent() const { return nullptr; }

  /// Makes bytes [offset, offset + size) of the block the visible ones. Open guards keep theirs.
  [[nodiscard]] Result<> set_range(size_t offset, size_t size);

  /// The same, the start moved by `delta` (also backwards). Fails outside the block and where
  /// others see the bytes; the range is then as before. What was zero around it is no more known
  /// to be where the visible bytes have shrunk.
  [[nodiscard]] Result<> resize(ptrdiff_t delta, size_t size);

  /// A child that shows [offset, offset + size) of the visible bytes, read-only; while it lives
  /// nobody writes here. Fails outside the range, during a write, and for `no_share`.
  [[nodiscard]] Result<Ref<Memory>> share(size_t offset, size_t size);

  /// True when no flag and no other owner stands against writing.
  [[nodiscard]] bool is_writable() const;

  /// The CPU may read, or read and write, the visible bytes while the view lives. Errors: `busy`
  /// while others are in the way, `timeout` at the deadline, `denied` for read-only and shared
  /// bytes, `unavailable` for what the CPU cannot map. Other parts of the block: ReadView::open.
  [[nodiscard]] Result<ReadView> read(const Access& how = at_once) const;
  [[nodiscard]] Result<WriteView> write(const Access& how = at_once);

 protected:
  explicit Memory(const Facts& facts);

  /// The start of the whole block, mapped for the CPU. Asked for within an access; stays mapped
  /// until the memory dies, or, where the offer says so, until the last access ends.
  virtual Result<std::byte*> address() = 0;

  /// Before and after each CPU access, which may overlap; a dma-buf does its DMA_BUF_IOCTL_SYNC
  /// here.
  virtual Result<> begin_cpu_access(bool /*write*/) { return {}; }

  virtual void end_cpu_access(bool /*write*/) noexcept {}

  /// For memory that is mapped for all its life and needs no bracket: the guards then take the
  /// short way and none of the functions above is called. Only in a constructor.
  void set_mapped(std::byte* start) { mapped_ = start; }

  Facts facts_;

 private:
  friend class CpuView;
  friend class PoolShelf;
  friend class ReadView;
  friend class WriteView;
  friend class MemoryList;
  friend class SharedMemory;

  /// Counts somebody more who can see the bytes, and `references` of his. False during a write that
  /// he would watch, and when there are more owners than can be counted.
  [[nodiscard]] bool add_owner(uint64_t weight, uint64_t references) const noexcept {
    const uint64_t more = weight * AccessWord::owner + references * AccessWord::reference;
    uint64_t seen = word_.load(std::memory_order_relaxed);
    if ((seen & AccessWord::against_owners) == 0 &&
        word_.compare_exchange_strong(seen, seen + more, std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) [[likely]] {
      return true;
    }
    return add_owner_slowly(weight, more);
  }

  bool add_owner_slowly(uint64_t weight, uint64_t more) const noexcept;

  void drop_owner(uint64_t weight) const noexcept {
    drop(weight * AccessWord::owner + AccessWord::reference);
  }

  std::byte* mapped_ = nullptr;
};

/// True when b begins where a ends in one and the same block; `offset` is then a's in that block.
struct Span {
  bool joined = false;
  size_t offset = 0;
};

[[nodiscard]] MILLRACE_API Span is_span(const Memory& a, const Memory& b);

}  // namespace millrace

#include "engine/memory/cpu_view.h"
