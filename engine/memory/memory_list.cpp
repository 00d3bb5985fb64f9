// SPDX-License-Identifier: MIT
#include "engine/memory/memory_list.h"

#include <algorithm>
#include <bit>

namespace millrace {

void MemoryList::put_slowly(size_t index, const MemorySlice& slice) {
  // The room is the next power of two.
  if (count_ >= inline_room && std::has_single_bit(count_)) {
    auto* const larger = new MemorySlice[count_ * 2];
    std::copy_n(slices(), count_, larger);
    delete[] heap_;
    heap_ = larger;
  }
  MemorySlice* const all = slices();
  std::copy_backward(all + index, all + count_, all + count_ + 1);
  all[index] = slice;
  ++count_;
}

void MemoryList::take(size_t index, MemoryList& other) {
  for (const MemorySlice& slice : other) put(index++, slice);
  other.count_ = 0;
}

void MemoryList::remove(size_t first, size_t count) {
  MemorySlice* const all = slices();
  for (size_t index = first; index < first + count; ++index) all[index].memory->drop_owner(1);
  std::copy(all + first + count, all + count_, all + first);
  count_ -= count;
}

}  // namespace millrace
