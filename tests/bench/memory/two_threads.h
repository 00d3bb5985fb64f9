// SPDX-License-Identifier: MIT
// Works on two CPUs: a thread of its own, the ring between two threads, and the two shapes that the
// bench compares: acquired here and released there, and both acquiring and releasing.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>

#include "tests/bench/memory/work.h"

namespace millrace::bench {

/// True where this process may use two CPUs.
bool has_two_cpus();

/// A thread on the second CPU, asleep except while it works beside the caller, who is put on the
/// first CPU meanwhile.
class Companion {
 public:
  Companion() : thread_([this](std::stop_token stop) { serve(stop); }) {}

  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;

  ~Companion() {
    thread_.request_stop();
    called_.fetch_add(1);
    called_.notify_one();
  }

  /// Runs `here` on this thread and `there` on the other and returns when both are done.
  template <class Here, class There>
  void side_by_side(Here here, There there) {
    const FirstCpu pinned;
    job_ = [](void* what) { (*static_cast<There*>(what))(); };
    what_ = &there;
    done_.store(false, std::memory_order_relaxed);
    called_.fetch_add(1);
    called_.notify_one();
    here();
    while (!done_.load(std::memory_order_acquire)) __builtin_ia32_pause();
  }

 private:
  /// The calling thread on the first CPU while this lives.
  struct FirstCpu {
    FirstCpu();
    ~FirstCpu();
  };

  void serve(const std::stop_token& stop);

  std::atomic<uint32_t> called_{0};
  std::atomic<bool> done_{false};
  void (*job_)(void*) = nullptr;
  void* what_ = nullptr;
  std::jthread thread_;
};

/// Single producer, single consumer, pointers. A slot is free while it holds null, so each
/// hand-over moves one cache line: the least that two CPUs can do.
class Ring {
 public:
  static constexpr size_t capacity =
      16;  ///< fewer than any pool has buffers: no pool is ever empty

  void push(void* item) {
    std::atomic<void*>& slot = slots_[in_++ % capacity].item;
    while (slot.load(std::memory_order_acquire) != nullptr) __builtin_ia32_pause();
    slot.store(item, std::memory_order_release);
  }

  void* pop() {
    std::atomic<void*>& slot = slots_[out_++ % capacity].item;
    void* item = nullptr;
    while ((item = slot.load(std::memory_order_acquire)) == nullptr) __builtin_ia32_pause();
    slot.store(nullptr, std::memory_order_release);
    return item;
  }

 private:
  struct alignas(64) Slot {
    std::atomic<void*> item{nullptr};
  };

  std::array<Slot, capacity> slots_;
  alignas(64) size_t in_ = 0;
  alignas(64) size_t out_ = 0;
};

constexpr size_t pool_size = 32;  ///< of the pools that two threads share; a ring and a half

/// `Pool` has `void* acquire()` and `void release(void*)`, on any thread.
template <class Pool>
class HandOver final : public Work {
 public:
  void run(uint64_t times) override {
    companion_.side_by_side(
        [this, times] {
          for (uint64_t left = times; left > 0; --left) ring_.push(pool_.acquire());
        },
        [this, times] {
          for (uint64_t left = times; left > 0; --left) pool_.release(ring_.pop());
        });
  }

 private:
  Pool pool_;
  Ring ring_;
  Companion companion_;
};

/// As HandOver, each thread acquiring and releasing for itself. One time is one pair on each
/// thread.
template <class Pool>
class BothThreads final : public Work {
 public:
  void run(uint64_t times) override {
    const auto all = [this, times] {
      for (uint64_t left = times; left > 0; --left) {
        void* const item = pool_.acquire();
        look_at(item);
        pool_.release(item);
      }
    };
    companion_.side_by_side(all, all);
  }

 private:
  Pool pool_;
  Companion companion_;
};

template <class Pool>
void add_shared_pool(Contenders& all, std::string_view side) {
  all.push_back(contender<HandOver<Pool>>("pool-hand-over", side));
  all.push_back(contender<BothThreads<Pool>>("pool-both-threads", side));
  all.back().two_threads = (all.end() - 2)->two_threads = true;
}

}  // namespace millrace::bench
