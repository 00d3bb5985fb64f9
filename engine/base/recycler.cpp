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

  static void announce() {
    if (!keeps_blocks || thread_is_over) return;
    static thread_local RecyclerThread thread;
    thread.opens();
  }

  ~RecyclerThread() {
    thread_is_over = true;
    for (Recycler::List& list : Recycler::lists) {
      free_chain(list.first);
      list = {};
    }
  }

 private:
  void opens() {
    for (Recycler::List& list : Recycler::lists) list.room = 2 * Recycler::batch;
  }
};

void* Recycler::take_slowly(size_t size) {
  const size_t kind = kind_of(size);
  if (kind >= kinds || !keeps_blocks) return ::operator new(size, alignment);
  RecyclerThread::announce();
  List& list = lists[kind];
  // A thread that is ending has no list any more that the rest of a chain could wait in.
  Block* const chain = list.room == 0 ? nullptr : RecyclerDepot::shared().take(kind);
  if (chain) {
    list.first = chain->next;
    list.length = batch - 1;
    return chain;
  }
  return ::operator new(kind* granule, alignment);
}

void Recycler::give_slowly(void* memory, size_t size) noexcept {
  const size_t kind = kind_of(size);
  List* const list = kind < kinds ? &lists[kind] : nullptr;
  if (!list || !keeps_blocks) {
    ::operator delete(memory, alignment);
    return;
  }
  if (list->room == 0) RecyclerThread::announce();
  if (list->length < list->room) {
    give(memory, size);
    return;
  }
  if (list->room == 0) {  // this thread is ending
    ::operator delete(memory, alignment);
    return;
  }
  // The list is full: its first half goes to the depot.
  Block* const chain = list->first;
  Block* last = chain;
  for (size_t count = 1; count < batch; ++count) last = last->next;
  list->first = last->next;
  list->length -= batch;
  last->next = nullptr;
  if (!RecyclerDepot::shared().give(kind, chain)) RecyclerThread::free_chain(chain);
  give(memory, size);
}

}  // namespace millrace
