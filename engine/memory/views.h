// SPDX-License-Identifier: MIT
// ReadView and WriteView: the spans of time in which the CPU may touch a Memory. Included by
// memory.h, which says who gets one.
//
// Move-only; a view ends its access when it dies, in whatever order views die. It keeps the memory
// alive.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/export.h"
#include "engine/memory/memory.h"

namespace millrace {

class MILLRACE_API ReadView : public CpuView {
 public:
  /// Bytes [from, from + size) of the block, whatever range of it is visible.
  [[nodiscard]] static Result<ReadView> open(const Memory& memory, size_t from, size_t size,
                                             const Access& how = at_once) {
    if (!fits(memory, from, size)) [[unlikely]]
      return open_slowly(memory, from, size, how);
    return open_known(memory, from, size, how);
  }

  explicit ReadView(const Opened& opened) : CpuView(opened) {}

  /// No bytes, of no memory: what an empty buffer has.
  static ReadView none() { return {}; }

  ReadView(ReadView&&) noexcept = default;

  ~ReadView() { close(false); }

  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  friend class Buffer;
  friend class CpuView;
  friend class Memory;
  template <class View>
  friend class FrameView;

  using CpuView::CpuView;
  ReadView() = default;

  /// As `open`, for a range that is known to lie in the block.
  static Result<ReadView> open_known(const Memory& memory, size_t from, size_t size,
                                     const Access& how) {
    if (!try_open(memory)) [[unlikely]]
      return open_slowly(memory, from, size, how);
    return Result<ReadView>(tl::in_place, Opened({const_cast<Memory*>(&memory), from, size}));
  }

  static bool try_open(const Memory& memory) { return CpuView::try_open(memory, false); }

  static bool try_open_alone(const Memory& memory) {
    return CpuView::try_open_alone(memory, false);
  }

  static Result<ReadView> open_slowly(const Memory& memory, size_t from, size_t size,
                                      const Access& how);
};

class MILLRACE_API WriteView : public CpuView {
 public:
  /// The same, to be written.
  [[nodiscard]] static Result<WriteView> open(Memory& memory, size_t from, size_t size,
                                              const Access& how = at_once) {
    if (!fits(memory, from, size)) [[unlikely]]
      return open_slowly(memory, from, size, how);
    return open_known(memory, from, size, how);
  }

  explicit WriteView(const Opened& opened) : CpuView(opened) {}

  static WriteView none() { return {}; }

  WriteView(WriteView&&) noexcept = default;

  ~WriteView() { close(true); }

  [[nodiscard]] std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  friend class Buffer;
  friend class CpuView;
  friend class Memory;
  template <class View>
  friend class FrameView;

  using CpuView::CpuView;
  WriteView() = default;

  static Result<WriteView> open_known(Memory& memory, size_t from, size_t size, const Access& how) {
    if (how.joint || !try_open(memory)) [[unlikely]]
      return open_slowly(memory, from, size, how);
    return Result<WriteView>(tl::in_place, Opened({&memory, from, size}));
  }

  static bool try_open(const Memory& memory) {
    return !memory.flags().read_only && CpuView::try_open(memory, true);
  }

  static bool try_open_alone(const Memory& memory) {
    return !memory.flags().read_only && CpuView::try_open_alone(memory, true);
  }

  static Result<WriteView> open_slowly(Memory& memory, size_t from, size_t size, const Access& how);
};

inline Result<ReadView> Memory::read(const Access& how) const {
  return ReadView::open_known(*this, offset(), size(), how);
}

inline Result<WriteView> Memory::write(const Access& how) {
  return WriteView::open_known(*this, offset(), size(), how);
}

}  // namespace millrace
