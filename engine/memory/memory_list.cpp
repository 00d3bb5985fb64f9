// SPDX-License-Identifier: MIT
#include "engine/memory/memory_list.h"

#include <algorithm>
#include <bit>

namespace millrace {

void MemoryList::put_slowly(size_t index, const MemorySlice& slice) {
  // The room is the next power of two.
  if (count_ >= inline_room && std::has_single_bit(count_)) {
    auto* const larger = new MemorySlice[count_ * 2];
    std::copy_n(slices_, count_, larger);
    if (slices_ != inline_) delete[] slices_;
    slices_ = larger;
  }
  std::copy_backward(slices_ + index, slices_ + count_, slices_ + count_ + 1);
  slices_[index] = slice;
  ++count_;
}

void MemoryList::take(size_t index, MemoryList& other) {
  for (const MemorySlice& slice : other) put(index++, slice);
  other.count_ = 0;
}

void MemoryList::remove(size_t first, size_t count) {
  for (size_t index = first; index < first + count; ++index) slices_[index].memory->drop_owner(1);
  std::copy(slices_ + first + count, slices_ + count_, slices_ + first);
  count_ -= count;
}

}  // namespace millrace
