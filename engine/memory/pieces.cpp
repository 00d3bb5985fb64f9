// SPDX-License-Identifier: MIT
#include "engine/memory/pieces.h"

#include <algorithm>

namespace millrace {
namespace {

/// The first and the last memory that shows any bytes; where none does, the last one stands for
/// both.
struct Ends {
  size_t first = 0;
  size_t last = 0;
};

Ends ends_of(const MemoryList& memories) {
  Ends ends{memories.size() - 1, memories.size() - 1};
  while (ends.last > 0 && memories[ends.last].size == 0) --ends.last;
  if (memories[ends.last].size == 0) return {memories.size() - 1, memories.size() - 1};
  ends.first = 0;
  while (memories[ends.first].size == 0) ++ends.first;
  return ends;
}

}  // namespace

Reach reach_of(const MemoryList& memories, size_t index) {
  const Ends ends = ends_of(memories);
  const MemorySlice& slice = memories[index];
  return {index <= ends.first || index > ends.last ? 0 : slice.offset,
          index >= ends.last || index < ends.first ? slice.memory->maxsize()
                                                   : slice.offset + slice.size};
}

std::vector<Reach> seen_of(const Buffer& buffer) {
  std::vector<Reach> seen(buffer.memory_count());
  size_t skip = buffer.offset();
  size_t left = buffer.size();
  for (size_t index = 0; index < seen.size(); ++index) {
    const Reach reach = reach_of(buffer.memories(), index);
    const size_t before = std::min(skip, reach.size());
    const size_t size = std::min(reach.size() - before, left);
    seen[index] = {reach.from + before, reach.from + before + size};
    skip -= before;
    left -= size;
  }
  return seen;
}

void Pieces::Iterator::find_next() {
  left_ = unseen_;
  while (left_ != 0) {
    const Reach reach = reach_of(buffer_->memories(), next_);
    const size_t index = next_++;
    if (skip_ >= reach.size()) {
      skip_ -= reach.size();
      continue;
    }
    const size_t size = std::min(reach.size() - skip_, left_);
    piece_ = {buffer_->memories()[index].memory, index, reach.from + skip_, size};
    skip_ = 0;
    unseen_ = left_ - size;
    return;
  }
}

std::optional<MemoriesOf> find_memories(const Buffer& buffer, size_t from, size_t size) {
  if (from >= buffer.size()) return std::nullopt;
  const size_t wanted = size == SIZE_MAX ? buffer.size() - from : size;
  if (wanted > buffer.size() - from) return std::nullopt;
  // With no bytes asked for, the memory that holds the byte at `from`.
  MemoriesOf found;
  size_t seen = 0;
  for (const Piece& piece : Pieces(buffer)) {
    if (found.count == 0 && from < seen + piece.size) {
      found = {piece.index, 1, from - seen};
    } else if (found.count != 0) {
      if (seen >= from + wanted) break;
      found.count = piece.index - found.first + 1;
    }
    seen += piece.size;
  }
  if (size == SIZE_MAX) found.count = buffer.memory_count() - found.first;
  return found;
}

}  // namespace millrace
