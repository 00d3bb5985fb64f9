// SPDX-License-Identifier: MIT
#include "engine/memory/host_block.h"

#include <algorithm>
#include <cstdlib>

#include "engine/base/recycler.h"
#include "engine/base/sanitizer.h"
#include "engine/memory/block_cache.h"

namespace millrace {
namespace {

/// From here on the pages cost more than the system calls that get them.
constexpr size_t large = size_t{64} << 10;

enum class Origin { recycler, heap, cache };

constexpr Origin origin(size_t size) {
  if (size <= Recycler::largest) return Origin::recycler;
  return size < large || with_address_sanitizer ? Origin::heap : Origin::cache;
}

}  // namespace

HostBlock HostBlock::take(size_t size) {
  const size_t wanted = std::max<size_t>(size, 1);
  switch (origin(wanted)) {
    case Origin::recycler:
      return {static_cast<std::byte*>(Recycler::take(wanted)), wanted};
    case Origin::heap:
      return {static_cast<std::byte*>(std::malloc(wanted)), wanted};
    case Origin::cache:
      break;
  }
  const BlockCache::Block block = BlockCache::process().take(wanted);
  return {block.start, block.size};
}

void HostBlock::give_back() noexcept {
  switch (origin(size_)) {
    case Origin::recycler:
      Recycler::give(start_, size_);
      break;
    case Origin::heap:
      std::free(start_);
      break;
    case Origin::cache:
      BlockCache::process().give({start_, size_});
      break;
  }
}

}  // namespace millrace
