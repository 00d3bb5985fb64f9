// SPDX-License-Identifier: MIT
// MemoryList: the memories of a Buffer, in order, and which bytes of each it shows.
//
// Counts itself as an owner of each memory. Up to four lie inline; more take a heap array.
// Confined.
#pragma once

#include <cstddef>

#include "engine/base/export.h"
#include "engine/memory/memory.h"

namespace millrace {

class MILLRACE_API MemoryList {
 public:
  MemoryList() : count_(0) {}

  /// With a first slice, whose owner and reference are counted already.
  explicit MemoryList(const MemorySlice& counted) : count_(1) { inline_[0] = counted; }

  MemoryList(const MemoryList&) = delete;
  MemoryList& operator=(const MemoryList&) = delete;

  ~MemoryList() {
    for (const MemorySlice& slice : *this) slice.memory->drop_owner(1);
    delete[] heap_;
  }

  [[nodiscard]] size_t size() const { return count_; }

  [[nodiscard]] bool empty() const { return count_ == 0; }

  [[nodiscard]] const MemorySlice& operator[](size_t index) const {
    MILLRACE_DCHECK(index < count_);
    return begin()[index];
  }

  [[nodiscard]] const MemorySlice* begin() const { return heap_ ? heap_ : inline_; }

  [[nodiscard]] const MemorySlice* end() const { return begin() + count_; }

  /// Puts a slice before number `index` and counts an owner and a reference. False, and nothing is
  /// changed, where the memory takes no further owner now.
  [[nodiscard]] bool insert(size_t index, const MemorySlice& slice) {
    if (!slice.memory->add_owner(1, 1)) return false;
    put(index, slice);
    return true;
  }

  /// Moves all slices of another list to before number `index`.
  void take(size_t index, MemoryList& other);

  /// Counts an owner and a reference for the constructor above. False: as for insert.
  [[nodiscard]] static bool count_first(const MemorySlice& slice) {
    return slice.memory->add_owner(1, 1);
  }

  /// True for a list of one that lies inline.
  [[nodiscard]] bool has_only_one() const { return count_ == 1 && !heap_; }

  /// The slice of such a list.
  [[nodiscard]] const MemorySlice& only() const { return inline_[0]; }

  /// Ends such a list, which is not touched again.
  void drop_only() { inline_[0].memory->drop_owner(1); }

  /// Takes `count` slices from `first` on out; both exist.
  void remove(size_t first, size_t count);

  /// What slice `index` shows, within its block.
  void set_range(size_t index, size_t offset, size_t size) {
    slices()[index].offset = offset;
    slices()[index].size = size;
  }

 private:
  static constexpr size_t inline_room = 4;

  void put(size_t index, const MemorySlice& slice) {
    if (index == count_ && !heap_ && count_ < inline_room) [[likely]] {
      inline_[count_++] = slice;
    } else {
      put_slowly(index, slice);
    }
  }

  [[nodiscard]] MemorySlice* slices() { return heap_ ? heap_ : inline_; }

  void put_slowly(size_t index, const MemorySlice& slice);

  size_t count_;
  MemorySlice* heap_ = nullptr;  ///< where all of them lie once they are too many
  MemorySlice inline_[inline_room];
};

}  // namespace millrace
