// SPDX-License-Identifier: MIT
#include "engine/memory/block_cache.h"

#include <algorithm>
#include <utility>

#include <sys/mman.h>

#include "engine/memory/memfd_allocator.h"

namespace millrace {
namespace {

constexpr size_t process_limit = size_t{64} << 20;

BlockCache::Block map_new(size_t size) {
  void* const start =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return {};
  return {static_cast<std::byte*>(start), size};
}

void unmap(const BlockCache::Block& block) {
  ::munmap(block.start, block.size);
}

}  // namespace

BlockCache& BlockCache::process() {
  // Never destroyed: blocks come home as late as from the destructors of other statics.
  static auto* const cache = new BlockCache(process_limit);
  return *cache;
}

BlockCache::Block BlockCache::take(size_t size) noexcept {
  const Result<size_t> pages = whole_pages(size);
  if (!pages) return {};
  if (const Block kept = take_kept(*pages); kept.start) return kept;
  if (const Block fresh = map_new(*pages); fresh.start) return fresh;
  trim();  // what is kept may be what the kernel is short of
  return map_new(*pages);
}

BlockCache::Block BlockCache::take_kept(size_t size) {
  const Lock lock(mutex_);
  size_t best = most_blocks;
  size_t smallest = size + size / 4 + 1;
  for (size_t index = count_; index-- > 0;) {
    const size_t has = kept_[index].size;
    if (has < size || has >= smallest) continue;
    best = index;
    smallest = has;
    if (has == size) break;
  }
  return best == most_blocks ? Block{} : remove(best);
}

void BlockCache::give(Block block) noexcept {
  while (block.size <= most_bytes_) {
    Block oldest;
    {
      const Lock lock(mutex_);
      if (count_ < most_blocks && bytes_ + block.size <= most_bytes_) {
        kept_[count_++] = block;
        bytes_ += block.size;
        return;
      }
      oldest = remove(0);
    }
    unmap(oldest);
  }
  unmap(block);
}

void BlockCache::trim() noexcept {
  while (true) {
    Block oldest;
    {
      const Lock lock(mutex_);
      if (count_ == 0) return;
      oldest = remove(0);
    }
    unmap(oldest);
  }
}

size_t BlockCache::held() const {
  const Lock lock(mutex_);
  return bytes_;
}

BlockCache::Block BlockCache::remove(size_t index) {
  const Block block = kept_[index];
  std::move(kept_.begin() + static_cast<std::ptrdiff_t>(index) + 1,
            kept_.begin() + static_cast<std::ptrdiff_t>(count_),
            kept_.begin() + static_cast<std::ptrdiff_t>(index));
  --count_;
  bytes_ -= block.size;
  return block;
}

}  // namespace millrace
