// SPDX-License-Identifier: MIT
#include "engine/base/recycler.h"

#include <array>
#include <new>
#include <utility>

#include "engine/base/mutex.h"
#include "engine/base/sanitizer.h"

namespace millrace {
namespace {

constexpr bool keeps_blocks = !with_address_sanitizer;

constexpr std::align_val_t alignment{64};

/// Set when this thread's lists have been emptied for good. Trivial, so that it outlives the rest.
thread_local bool thread_is_over = false;

}  // namespace

constinit thread_local Recycler::List Recycler::lists[Recycler::kinds] = {};

/// What no thread's list holds, in chains of `batch` blocks.
class RecyclerDepot {
 public:
  using Block = Recycler::Block;

  static RecyclerDepot& shared() {
    // Never destroyed: threads that outlive main still come here.
    static auto* const depot = new RecyclerDepot;
    return *depot;
  }

  /// A chain of blocks, or null.
  Block* take(size_t kind) {
    const Lock lock(mutex_);
    Shelf& shelf = shelves_[kind];
    return shelf.count == 0 ? nullptr : shelf.chains[--shelf.count];
  }

  /// False where the shelf is full: the caller frees the chain.
  bool give(size_t kind, Block* chain) {
    const Lock lock(mutex_);
    Shelf& shelf = shelves_[kind];
    if (shelf.count == shelf.chains.size()) return false;
    shelf.chains[shelf.count++] = chain;
    return true;
  }

 private:
  struct Shelf {
    std::array<Block*, 32> chains{};
    size_t count = 0;
  };

  Mutex mutex_;
  std::array<Shelf, Recycler::kinds> shelves_ MILLRACE_GUARDED_BY(mutex_);
};

/// Empties this thread's lists when it ends.
class RecyclerThread {
 public:
  using Block = Recycler::Block;

  static void free_chain(Block* chain) noexcept {
    while (chain) ::operator delete(std::exchange(chain, chain->next), alignment);
  }

  /// Whether this thread has lists; they are opened when it asks first.
  static bool opens_lists() {
    if (!keeps_blocks || thread_is_over) return false;
    static thread_local const RecyclerThread thread;
    return true;
  }

  RecyclerThread() {
    for (Recycler::List& list : Recycler::lists) list.room = room;
  }

  ~RecyclerThread() {
    thread_is_over = true;
    for (Recycler::List& list : Recycler::lists) {
      free_chain(list.first);
      list = {};
    }
  }

  static constexpr int32_t room = 2 * Recycler::batch;
};

void* Recycler::take_slowly(size_t size) {
  const size_t kind = kind_of(size);
  if (kind >= kinds || !keeps_blocks) return ::operator new(size, alignment);
  if (Block* const chain =
          RecyclerThread::opens_lists() ? RecyclerDepot::shared().take(kind) : nullptr) {
    lists[kind] = {chain->next, RecyclerThread::room - (batch - 1)};
    return chain;
  }
  return ::operator new(kind* granule, alignment);
}

void Recycler::give_slowly(void* memory, size_t size) noexcept {
  const size_t kind = kind_of(size);
  if (kind >= kinds) return ::operator delete(memory, alignment);
  List& list = lists[kind];
  ++list.room;  // which `give` took
  if (!RecyclerThread::opens_lists()) return ::operator delete(memory, alignment);
  if (list.room == 0) {
    // Its first half goes to the depot.
    Block* const chain = list.first;
    Block* last = chain;
    for (int32_t count = 1; count < batch; ++count) last = last->next;
    list.first = last->next;
    list.room += batch;
    last->next = nullptr;
    if (!RecyclerDepot::shared().give(kind, chain)) RecyclerThread::free_chain(chain);
  }
  give(memory, size);
}

}  // namespace millrace
