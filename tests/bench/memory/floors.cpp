// SPDX-License-Identifier: MIT
// The least that this machine charges for work of each kind.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include <x86intrin.h>

#include "tests/bench/memory/picture.h"
#include "tests/bench/memory/two_threads.h"

namespace millrace::bench {
namespace {

/// What a reference taken and dropped costs at least; also the control that tells a quiet machine.
struct AtomicPair {
  std::atomic<uint64_t> word{1};

  void operator()() {
    word.fetch_add(1, std::memory_order_relaxed);
    word.fetch_sub(1, std::memory_order_acq_rel);
  }
};

struct MallocFree {
  void operator()() {
    void* const block = std::malloc(64);
    look_at(block);
    std::free(block);
  }
};

/// Pages that were touched, so that none is fetched while the copy is timed.
class CopyPicture {
 public:
  CopyPicture() {
    for (char* bytes : {from_.get(), to_.get()}) {
      need(bytes != nullptr, "memory for a picture");
      std::memset(bytes, 1, picture_bytes);
    }
  }

  void operator()() {
    std::memcpy(to_.get(), from_.get(), picture_bytes);
    look_at(to_.get());
  }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };

  using Picture = std::unique_ptr<char, Free>;

  static Picture make() {
    return Picture(static_cast<char*>(std::aligned_alloc(4096, whole_pages)));
  }

  static constexpr size_t whole_pages = (picture_bytes + 4095) / 4096 * 4096;
  Picture from_ = make();
  Picture to_ = make();
};

struct ReadClock {
  void operator()() { look_at(__rdtsc()); }
};

/// Hands one and the same pointer over: the ring alone.
struct NoPool {
  int item = 0;

  void* acquire() { return &item; }

  void release(void* given) { look_at(given); }
};

/// Two threads and one word.
struct OneWord {
  alignas(64) std::atomic<uint64_t> word{1};

  void* acquire() {
    word.fetch_add(1, std::memory_order_relaxed);
    return &word;
  }

  void release(void* /*given*/) { word.fetch_sub(1, std::memory_order_acq_rel); }
};

}  // namespace

void add_floors(Contenders& all) {
  for (const char* row : {"ref", "map-buffer", "map-memory", "map-frame", "pool"})
    all.push_back(contender<Loop<AtomicPair>>(row, "floor"));
  for (const char* row : {"buffer-memory", "buffer-memory-2-metas", "buffer-wrapped-2-metas"})
    all.push_back(contender<Loop<MallocFree>>(row, "malloc-free"));
  all.push_back(long_contender<Loop<CopyPicture>>("copy-deep", "floor"));
  all.push_back(contender<Loop<ReadClock>>("pool-holder", "read-clock"));
  all.push_back(contender<HandOver<NoPool>>("pool-hand-over", "floor"));
  all.back().two_threads = true;
  all.push_back(contender<BothThreads<OneWord>>("pool-both-threads", "floor"));
  all.back().two_threads = true;
}

}  // namespace millrace::bench
