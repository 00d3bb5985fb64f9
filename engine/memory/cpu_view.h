// SPDX-License-Identifier: MIT
// CpuView: what ReadView and WriteView (views.h) have in common: how an access begins and ends.
//
// One atomic step each for memory that stays mapped: that short way lies in this header, all else
// in views.cpp.
#pragma once

#include <cstddef>
#include <utility>

#include "engine/base/export.h"
#include "engine/memory/memory.h"
#include "engine/observe/stage_scope.h"

namespace millrace {

template <class View>
class FrameView;

/// Bytes [offset, offset + size) of a memory's block.
struct MemorySlice {
  Memory* memory;
  size_t offset;
  size_t size;
};

/// Proof that try_open was asked and said yes: only those who ask can make one.
class Opened {
 private:
  friend class Buffer;
  friend class CpuView;
  friend class ReadView;
  friend class WriteView;
  template <class View>
  friend class FrameView;

  explicit Opened(const MemorySlice& slice) : slice_(slice) {}

  MemorySlice slice_;
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
  [[nodiscard]] size_t maxsize() const;

 protected:
  template <class View>
  friend class FrameView;

  enum class End : uint8_t { none, plain, slow };  ///< plain: by one subtraction

  CpuView() = default;

  explicit CpuView(const Opened& opened)
      : memory_(opened.slice_.memory),
        size_(opened.slice_.size),
        data_(opened.slice_.memory->mapped_ + opened.slice_.offset),
        end_(End::plain) {}

  CpuView(const Memory& memory, std::byte* start, size_t from, size_t size, bool plain)
      : memory_(&memory), size_(size), data_(start + from), end_(plain ? End::plain : End::slow) {}

  CpuView(CpuView&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        data_(std::exchange(other.data_, nullptr)),
        end_(std::exchange(other.end_, End::none)) {}

  ~CpuView() = default;

  [[nodiscard]] bool ends_plainly() const { return end_ == End::plain; }

  /// For a view that has more to do at its end than the short way knows of.
  void end_slowly() { end_ = End::slow; }

  /// The short way in: memory that stays mapped, nobody in the way.
  [[gnu::always_inline]] static bool try_open(const Memory& memory, bool write) {
    if (!memory.mapped_) return false;
    uint64_t seen = memory.word_.load(std::memory_order_relaxed);
    do {
      if (write ? (seen & AccessWord::against_writing) != 0
                : (seen & AccessWord::against_reading) != 0) {
        return false;
      }
    } while (!memory.word_.compare_exchange_weak(
        seen, seen + amount(write), std::memory_order_acquire, std::memory_order_relaxed));
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
    if (end_ == End::plain) [[likely]] {
      const uint64_t before = memory_->word_.fetch_sub(amount(write), std::memory_order_acq_rel);
      if (AccessWord::has_more_to_do(before)) [[unlikely]]
        after_unlock(*memory_, before);
    } else {
      close_otherwise(write);
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
  void close_otherwise(bool write) noexcept;

  const Memory* memory_ = nullptr;  ///< referenced by the access word
  size_t size_ = 0;
  std::byte* data_ = nullptr;
  End end_ = End::none;
};

}  // namespace millrace

#include "engine/memory/views.h"
