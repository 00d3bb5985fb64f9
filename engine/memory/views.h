// SPDX-License-Identifier: MIT
// ReadView and WriteView: the spans of time in which the CPU may touch a Memory. Included by
// memory.h, which says who gets one.
//
// Move-only; a view ends its access when it dies, in whatever order views die. It keeps the memory
// alive. Opening and closing are one atomic step each for memory that stays mapped: that short way
// lies in this header, all else in views.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "engine/base/export.h"
#include "engine/memory/memory.h"
#include "engine/observe/stage_scope.h"

namespace millrace {

/// Bytes [offset, offset + size) of a memory's block.
struct MemorySlice {
  Memory* memory;
  size_t offset;
  size_t size;
};

/// What ReadView and WriteView have in common.
class MILLRACE_API CpuView {
 public:
  CpuView(const CpuView&) = delete;
  CpuView& operator=(const CpuView&) = delete;

  /// Null for a view of nothing.
  [[nodiscard]] const Memory* memory() const { return memory_; }

  [[nodiscard]] size_t size() const { return size_; }

  /// Bytes from the first one seen to the end of the block.
  [[nodiscard]] size_t maxsize() const {
    return memory_ ? memory_->maxsize() - static_cast<size_t>(data_ - start_) : 0;
  }

 protected:
  CpuView() = default;

  explicit CpuView(const MemorySlice& slice)
      : memory_(slice.memory),
        start_(slice.memory->mapped_),
        data_(slice.memory->mapped_ + slice.offset),
        size_(slice.size) {}

  CpuView(const Memory& memory, std::byte* start, size_t from, size_t size, bool plain)
      : memory_(&memory), start_(start), data_(start + from), size_(size), plain_(plain) {}

  CpuView(CpuView&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        start_(other.start_),
        data_(other.data_),
        size_(other.size_),
        plain_(other.plain_) {}

  ~CpuView() = default;

  /// The short way in: memory that stays mapped, nobody in the way.
  [[gnu::always_inline]] static bool try_open(const Memory& memory, bool write) {
    if (!memory.mapped_) return false;
    uint64_t seen = memory.word_.load(std::memory_order_relaxed);
    do {
      if (write ? (seen & AccessWord::against_writing) != 0
                : (seen & AccessWord::against_reading) != 0) {
        return false;
      }
    } while (!memory.word_.compare_exchange_weak(seen, seen + amount(write),
                                                 std::memory_order_acquire,
                                                 std::memory_order_relaxed));
    observe::StageScope::record_window(memory.identity().inode, {.read = !write, .write = write});
    return true;
  }

  /// Shorter still: for the one thread that has the only buffer which has the only reference to the
  /// memory. Nobody else can change the word, so it is simply stored.
  [[gnu::always_inline]] static bool try_open_alone(const Memory& memory, bool write) {
    constexpr uint64_t alone = AccessWord::owner + AccessWord::reference;
    if (!memory.mapped_ || memory.word_.load(std::memory_order_acquire) != alone) return false;
    memory.word_.store(alone + amount(write), std::memory_order_relaxed);
    observe::StageScope::record_window(memory.identity().inode, {.read = !write, .write = write});
    return true;
  }

  [[gnu::always_inline]] void close(bool write) noexcept {
    if (plain_) [[likely]] {
      const uint64_t before = memory_->word_.fetch_sub(amount(write), std::memory_order_acq_rel);
      if (AccessWord::has_more_to_do(before)) [[unlikely]] after_unlock(*memory_, before);
    } else {
      close_slowly(write);
    }
  }

  static constexpr uint64_t amount(bool write) {
    return (write ? AccessWord::writer : AccessWord::reader) + AccessWord::reference;
  }

  static bool fits(const Memory& memory, size_t from, size_t size) {
    return from <= memory.maxsize() && size <= memory.maxsize() - from;
  }

  template <class View>
  static Result<View> open_checked(const Memory& memory, size_t from, size_t size,
                                   const Access& how);
  static Result<> lock(const Memory& memory, bool write, const Access& how);
  static void stop_waiting(const Memory& memory) noexcept;
  static void unlock(const Memory& memory, bool write) noexcept;
  static void after_unlock(const Memory& memory, uint64_t before) noexcept;
  static Result<std::byte*> start_access(const Memory& memory, bool write);
  void close_slowly(bool write) noexcept;

  const Memory* memory_ = nullptr;  ///< referenced by the access word
  std::byte* start_ = nullptr;      ///< of the block
  std::byte* data_ = nullptr;
  size_t size_ = 0;
  bool plain_ = true;  ///< closed by one subtraction
};

class MILLRACE_API ReadView : public CpuView {
 public:
  /// Bytes [from, from + size) of the block, whatever range of it is visible.
  [[nodiscard]] static Result<ReadView> open(const Memory& memory, size_t from, size_t size,
                                             const Access& how = at_once) {
    if (!fits(memory, from, size)) [[unlikely]] return open_slowly(memory, from, size, how);
    return open_known(memory, from, size, how);
  }

  /// The same for a range that is known to lie in the block.
  [[nodiscard]] static Result<ReadView> open_known(const Memory& memory, size_t from, size_t size,
                                                   const Access& how) {
    if (!try_open(memory)) [[unlikely]] return open_slowly(memory, from, size, how);
    return Result<ReadView>(tl::in_place, MemorySlice{const_cast<Memory*>(&memory), from, size});
  }

  /// The short way in, to be followed by the constructor below.
  [[nodiscard]] static bool try_open(const Memory& memory) { return CpuView::try_open(memory, false); }

  [[nodiscard]] static bool try_open_alone(const Memory& memory) {
    return CpuView::try_open_alone(memory, false);
  }

  /// After try_open, of memory that stays mapped.
  explicit ReadView(const MemorySlice& slice) : CpuView(slice) {}

  /// No bytes, of no memory: what an empty buffer has.
  static ReadView none() { return {}; }

  ReadView(ReadView&&) noexcept = default;

  ~ReadView() {
    if (memory_) close(false);
  }

  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  friend class CpuView;
  using CpuView::CpuView;
  ReadView() = default;
  static Result<ReadView> open_slowly(const Memory& memory, size_t from, size_t size,
                                      const Access& how);
};

class MILLRACE_API WriteView : public CpuView {
 public:
  /// The same, to be written.
  [[nodiscard]] static Result<WriteView> open(Memory& memory, size_t from, size_t size,
                                              const Access& how = at_once) {
    if (!fits(memory, from, size)) [[unlikely]] return open_slowly(memory, from, size, how);
    return open_known(memory, from, size, how);
  }

  [[nodiscard]] static Result<WriteView> open_known(Memory& memory, size_t from, size_t size,
                                                    const Access& how) {
    if (how.joint || !try_open(memory)) [[unlikely]] return open_slowly(memory, from, size, how);
    return Result<WriteView>(tl::in_place, MemorySlice{&memory, from, size});
  }

  [[nodiscard]] static bool try_open(const Memory& memory) {
    return !memory.flags().read_only && CpuView::try_open(memory, true);
  }

  [[nodiscard]] static bool try_open_alone(const Memory& memory) {
    return !memory.flags().read_only && CpuView::try_open_alone(memory, true);
  }

  explicit WriteView(const MemorySlice& slice) : CpuView(slice) {}

  static WriteView none() { return {}; }

  WriteView(WriteView&&) noexcept = default;

  ~WriteView() {
    if (memory_) close(true);
  }

  [[nodiscard]] std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  friend class CpuView;
  using CpuView::CpuView;
  WriteView() = default;
  static Result<WriteView> open_slowly(Memory& memory, size_t from, size_t size,
                                       const Access& how);
};

inline Result<ReadView> Memory::read(const Access& how) const {
  return ReadView::open_known(*this, offset(), size(), how);
}

inline Result<WriteView> Memory::write(const Access& how) {
  return WriteView::open_known(*this, offset(), size(), how);
}

}  // namespace millrace
