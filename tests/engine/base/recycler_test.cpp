// SPDX-License-Identifier: MIT
#include "engine/base/recycler.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <malloc.h>

#include <gtest/gtest.h>

#include "engine/base/sanitizer.h"

namespace millrace {
namespace {

constexpr size_t size = 200;

std::vector<void*> take(size_t count) {
  std::vector<void*> blocks;
  while (blocks.size() < count) blocks.push_back(Recycler::take(size));
  return blocks;
}

void give(std::vector<void*>& blocks) {
  for (void* block : blocks) Recycler::give(block, size);
  blocks.clear();
}

TEST(Recycler, gives_aligned_blocks_that_can_be_filled_whatever_their_size) {
  for (size_t bytes = 0; bytes <= 2 * Recycler::largest; bytes += 13) {
    void* const block = Recycler::take(bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 64, 0U);
    if (bytes != 0) std::memset(block, 0xff, bytes);
    Recycler::give(block, bytes);
  }
}

TEST(Recycler, gives_the_block_again_that_came_back_last) {
  if (with_address_sanitizer) GTEST_SKIP() << "the address sanitizer sees each block end";
  std::vector<void*> blocks = take(2);
  const std::vector<void*> expected{blocks[1], blocks[0]};
  give(blocks);
  blocks = take(2);
  EXPECT_EQ(blocks, expected);
  give(blocks);
}

TEST(Recycler, never_lends_a_block_twice) {
  std::vector<void*> blocks = take(10 * Recycler::batch);
  EXPECT_EQ(std::set<void*>(blocks.begin(), blocks.end()).size(), blocks.size());
  give(blocks);
}

TEST(Recycler, serves_blocks_of_one_granule_to_each_other) {
  if (with_address_sanitizer) GTEST_SKIP() << "the address sanitizer sees each block end";
  void* const first = Recycler::take(65);
  Recycler::give(first, 65);
  void* const second = Recycler::take(128);
  EXPECT_EQ(second, first);
  Recycler::give(second, 128);
}

/// Bytes of the main thread's heap that are in use.
size_t heap_in_use() {
  return ::mallinfo2().uordblks;
}

TEST(Recycler, asks_the_heap_for_nothing_once_it_has_what_is_needed) {
  if (with_address_sanitizer) GTEST_SKIP() << "the address sanitizer sees each block end";
  std::vector<void*> blocks(100);
  const auto round = [&] {
    for (void*& block : blocks) block = Recycler::take(size);
    for (void* block : blocks) Recycler::give(block, size);
  };
  round();
  const size_t before = heap_in_use();
  for (int number = 0; number < 1000; ++number) {
    round();
    ASSERT_EQ(heap_in_use(), before);
  }
}

TEST(Recycler, brings_blocks_that_end_on_another_thread_back_to_where_they_begin) {
  if (with_address_sanitizer) GTEST_SKIP() << "the address sanitizer sees each block end";
  std::set<void*> seen;
  for (int round = 0; round < 200; ++round) {
    std::vector<void*> blocks = take(4 * Recycler::batch);
    seen.insert(blocks.begin(), blocks.end());
    std::jthread([&blocks] { give(blocks); }).join();
  }
  // At its end the other thread frees its own list, which malloc may put anywhere; what went
  // through the depot comes back as it was.
  EXPECT_LT(seen.size(), 200 * 4 * Recycler::batch / 2);
}

TEST(Recycler, loses_nothing_between_threads_that_take_and_threads_that_give) {
  std::mutex mutex;
  std::vector<void*> under_way;
  const auto produce = [&] {
    for (uint32_t number = 0; number < 20'000; ++number) {
      void* const block = Recycler::take(size);
      std::memcpy(block, &number, sizeof number);
      const std::lock_guard lock(mutex);
      under_way.push_back(block);
    }
  };
  const auto consume = [&] {
    for (int number = 0; number < 20'000;) {
      void* block = nullptr;
      {
        const std::lock_guard lock(mutex);
        if (!under_way.empty()) {
          block = under_way.back();
          under_way.pop_back();
        }
      }
      if (!block) {
        std::this_thread::yield();
        continue;
      }
      Recycler::give(block, size);
      ++number;
    }
  };
  std::vector<std::jthread> threads;
  for (int pair = 0; pair < 2; ++pair) {
    threads.emplace_back(produce);
    threads.emplace_back(consume);
  }
  threads.clear();
  EXPECT_TRUE(under_way.empty());
}

/// Takes and gives in the destructor of a thread's own object, when the lists may be gone already.
struct Late {
  ~Late() {
    std::vector<void*> blocks = take(3);
    give(blocks);
  }
};

TEST(Recycler, serves_a_thread_that_is_ending) {
  for (int round = 0; round < 20; ++round) {
    std::jthread([] {
      static thread_local Late late;
      static_cast<void>(late);
      std::vector<void*> blocks = take(2 * Recycler::batch + 5);
      give(blocks);
    }).join();
  }
}

class Recyclable final : public Recycled {
 public:
  explicit Recyclable(int number) : number_(number) {}

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

TEST(Recycled, objects_are_made_and_dropped_as_any_other) {
  const auto first = std::make_unique<Recyclable>(7);
  EXPECT_EQ(first->number(), 7);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first.get()) % 64, 0U);
}

}  // namespace
}  // namespace millrace
