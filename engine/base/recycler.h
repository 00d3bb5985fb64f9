// SPDX-License-Identifier: MIT
// Recycler: hands out blocks of one size and keeps those that come back, so that objects which are
// made and dropped with every frame (buffers, views, metas) cost no heap allocation.
//
// Each thread has a short list of its own, used without a lock. A block may come back on another
// thread than it was taken on (a frame is made by the source and dropped by the encoder): a list
// that grows too long hands a batch to the depot that all threads share, an empty one takes a batch
// from there. Only where the depot is empty too the heap is asked.
//
// Thread-safe. Under AddressSanitizer every block comes from the heap, so that a use after the end
// is seen.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/export.h"

namespace millrace {

class MILLRACE_API Recycler {
 public:
  /// Sizes are rounded up to multiples of 64 bytes; up to `largest` they are kept, larger blocks
  /// come from the heap each time. Aligned to 64 bytes. Throws std::bad_alloc, as `new` does.
  [[nodiscard]] static void* take(size_t size) {
    if (const size_t kind = kind_of(size); kind < kinds) {
      List& list = lists[kind];
      if (Block* const block = list.first) {
        list.first = block->next;
        ++list.room;
        return block;
      }
    }
    return take_slowly(size);
  }

  /// Takes back what `take` gave for the same size.
  static void give(void* memory, size_t size) noexcept {
    if (const size_t kind = kind_of(size); kind < kinds) {
      List& list = lists[kind];
      if (--list.room >= 0) [[likely]] {
        list.first = new (memory) Block{list.first};
        return;
      }
    }
    give_slowly(memory, size);
  }

  static constexpr size_t largest = 1024;
  static constexpr int32_t batch = 32;  ///< blocks that go to the depot, or come from it, at once

 private:
  struct Block {
    Block* next;

    void* operator new(size_t, void* place) noexcept { return place; }
  };

  struct List {
    Block* first;
    int32_t room;  ///< for further blocks; none until the thread will empty its lists at its end
  };

  static constexpr size_t granule = 64;
  static constexpr size_t kinds = largest / granule + 1;

  static constexpr size_t kind_of(size_t size) {
    return size > largest ? kinds : (size + granule - (size != 0)) / granule;
  }

  static void* take_slowly(size_t size);
  static void give_slowly(void* memory, size_t size) noexcept;
  friend class RecyclerThread;
  friend class RecyclerDepot;

  // Initial-exec: one instruction instead of a call; the library is never loaded so late that
  // there is no room left for 272 bytes of it.
  static thread_local constinit List lists[kinds] __attribute__((tls_model("initial-exec")));
};

/// A base that gives a class `operator new` and `delete` which go through the Recycler.
struct Recycled {
  static void* operator new(size_t size) { return Recycler::take(size); }

  static void operator delete(void* memory, size_t size) noexcept { Recycler::give(memory, size); }
};

}  // namespace millrace
