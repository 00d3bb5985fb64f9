// SPDX-License-Identifier: MIT
#include "tests/engine/memory/buffer_model.h"

#include <algorithm>
#include <utility>

namespace millrace::model {

size_t Memory::living_children() const {
  const auto lives = [](const std::weak_ptr<Memory>& child) { return !child.expired(); };
  return static_cast<size_t>(std::ranges::count_if(children, lives));
}

bool Memory::is_writable() const {
  return !read_only && owners + 2 * living_children() < 2;
}

bool Memory::takes_owner() const {
  return writers == 0 || owners + 2 * living_children() == 0;
}

Slice::Slice(MemoryRef of, size_t from, size_t bytes)
    : memory(std::move(of)), offset(from), size(bytes) {
  ++memory->owners;
}

Slice::Slice(const Slice& other) : Slice(other.memory, other.offset, other.size) {}

Slice& Slice::operator=(const Slice& other) {
  ++other.memory->owners;
  --memory->owners;
  memory = other.memory;
  offset = other.offset;
  size = other.size;
  return *this;
}

Slice::~Slice() {
  --memory->owners;
}

Slice all_of(const MemoryRef& memory) {
  return {memory, memory->offset, memory->size};
}

bool Buffer::shows_bytes(size_t first, size_t end) const {
  for (size_t index = first; index < end; ++index) {
    if (slices[index].size != 0) return true;
  }
  return false;
}

/// What of a slice's block a window could show: slack counts at the two ends only.
Run Buffer::reach(size_t index) const {
  const Slice& slice = slices[index];
  const bool at_start = !shows_bytes(0, index);
  const bool at_end = !shows_bytes(index + 1, slices.size());
  const bool empty = slice.size == 0;
  const size_t from = at_start || (empty && at_end) ? 0 : slice.offset;
  const size_t to =
      at_end || (empty && at_start) ? slice.memory->block->size() : slice.offset + slice.size;
  return {index, slice.memory, from, to - from};
}

size_t Buffer::maxsize() const {
  size_t sum = 0;
  for (size_t index = 0; index < slices.size(); ++index) sum += reach(index).size;
  return sum;
}

std::vector<Run> Buffer::parts(size_t from, size_t wanted) const {
  std::vector<Run> parts;
  size_t skip = offset + from;
  for (size_t index = 0; index < slices.size(); ++index) {
    const Run all = reach(index);
    const size_t before = std::min(skip, all.size);
    const size_t bytes = std::min(all.size - before, wanted);
    parts.push_back({index, all.memory, all.from + before, bytes});
    skip -= before;
    wanted -= bytes;
  }
  return parts;
}

std::vector<Run> Buffer::runs(size_t from, size_t wanted) const {
  std::vector<Run> runs = parts(from, wanted);
  std::erase_if(runs, [](const Run& run) { return run.size == 0; });
  return runs;
}

std::string Buffer::text() const {
  std::string text;
  for (const Run& run : runs(0, size)) text += run.text();
  return text;
}

std::optional<Run> Buffer::one_piece() const {
  if (slices.size() == 1) return Run{0, slices[0].memory, offset, size};
  Run piece;
  for (const Run& run : runs(0, size)) {
    const MemoryRef root = run.memory->root ? run.memory->root : run.memory;
    if (!piece.memory) {
      piece = run;
    } else if (piece.memory->block == run.memory->block && piece.from + piece.size == run.from) {
      piece.memory = root;
      piece.size += run.size;
    } else {
      return std::nullopt;
    }
  }
  return piece;
}

void Buffer::show_all() {
  offset = size = 0;
  for (size_t index = 0; index < slices.size(); ++index) {
    const bool hidden = slices[index].size == 0 && index + 1 < slices.size();
    if (size == 0) offset += hidden ? slices[index].memory->block->size() : slices[index].offset;
    size += slices[index].size;
  }
}

void Buffer::keep_only_the_window() {
  Buffer all = *this;
  all.show_all();
  if (all.offset == offset && all.size == size) return;
  for (const Run& run : parts(0, size)) {
    all.slices[run.slice].offset = run.from;
    all.slices[run.slice].size = run.size;
  }
  all.show_all();
  *this = all;
}

void Buffer::insert(size_t index, const Slice& slice) {
  keep_only_the_window();
  slices.insert(slices.begin() + static_cast<ptrdiff_t>(index), slice);
  show_all();
}

void Buffer::remove(size_t first, size_t count) {
  keep_only_the_window();
  const auto begin = slices.begin() + static_cast<ptrdiff_t>(first);
  slices.erase(begin, begin + static_cast<ptrdiff_t>(count));
  show_all();
}

}  // namespace millrace::model
