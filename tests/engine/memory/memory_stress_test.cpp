// SPDX-License-Identifier: MIT
// Eight threads that share, map and copy the same few memories at random: nobody ever sees half a
// write, and in the end every count is where it was. Three seconds; MILLRACE_LONG=1: forty.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/copy.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

constexpr size_t bytes_each = 512;
constexpr size_t threads_at_work = 8;

std::chrono::seconds time_to_spend() {
  return std::chrono::seconds(test::in_long_form() ? 40 : 3);
}

/// Writers fill all of a memory with one value, so whoever reads two values saw half a write.
bool is_whole(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [&](std::byte b) { return b == bytes[0]; });
}

class Worker {
 public:
  Worker(const std::vector<Ref<Memory>>& memories, unsigned seed)
      : memories_(memories), random_(seed) {}

  void step() {
    Memory& memory = *memories_[pick(memories_.size())];
    switch (pick(6)) {
      case 0:
        return write(memory);
      case 1:
        return read(memory);
      case 2:
        return share(memory);
      case 3:
        return copy(memory);
      case 4:
        kept_ = memories_[pick(memories_.size())];
        return;
      default:
        parts_[pick(parts_.size())] = nullptr;
        if (pick(50) == 0) std::this_thread::sleep_for(std::chrono::microseconds(pick(200)));
        return;
    }
  }

  [[nodiscard]] uint64_t reads() const { return reads_; }

  [[nodiscard]] uint64_t writes() const { return writes_; }

 private:
  size_t pick(size_t below) { return random_() % below; }

  Access how() {
    switch (pick(3)) {
      case 0:
        return {};
      case 1:
        return Access::until(now() + std::chrono::microseconds(pick(300)));
      default:
        return Access::until(now() + std::chrono::seconds(20));
    }
  }

  void write(Memory& memory) {
    const Result<WriteView> view = memory.write(how());
    if (!view) return note(view.error());
    const auto value = static_cast<std::byte>(random_());
    std::ranges::fill(view->bytes(), value);
    if (pick(20) == 0) std::this_thread::yield();
    EXPECT_TRUE(is_whole(view->bytes()));
    ++writes_;
  }

  void read(const Memory& memory) {
    const Result<ReadView> view = memory.read(how());
    if (!view) return note(view.error());
    EXPECT_TRUE(is_whole(view->bytes()));
    if (pick(20) == 0) std::this_thread::yield();
    EXPECT_TRUE(is_whole(view->bytes()));
    ++reads_;
  }

  /// Parts live for a while: until then nobody writes what they are of.
  void share(Memory& memory) {
    const size_t offset = pick(bytes_each);
    Result<Ref<Memory>> part = memory.share(offset, 1 + pick(bytes_each - offset));
    if (!part) return note(part.error());
    EXPECT_FALSE(memory.write().has_value());
    const ReadView view = (*part)->read().take();
    EXPECT_TRUE(is_whole(view.bytes()));
    ++reads_;
    if (pick(4) == 0) parts_[pick(parts_.size())] = part.take();
  }

  void copy(const Memory& memory) {
    const Result<Ref<Memory>> mine =
        copy_block(memory, memory.offset(), bytes_each, heap_, account_);
    if (!mine) return note(mine.error());
    EXPECT_TRUE(is_whole((*mine)->read()->bytes()));
    EXPECT_TRUE((*mine)->write().has_value());
  }

  static void note(const Error& error) {
    const bool ordinary = error.kind == ErrorKind::busy || error.kind == ErrorKind::timeout ||
                          error.kind == ErrorKind::denied;
    EXPECT_TRUE(ordinary) << error.what;
  }

  const std::vector<Ref<Memory>>& memories_;
  std::mt19937 random_;
  std::array<Ref<Memory>, 3> parts_;
  Ref<Memory> kept_;
  SystemAllocator heap_;
  observe::Ledger::Account account_{observe::MoveKind::copy, "stress", "stress", "cpu"};
  uint64_t reads_ = 0;
  uint64_t writes_ = 0;
};

std::vector<Ref<Memory>> some_memories() {
  SystemAllocator host;
  MemfdAllocator memfd;
  std::vector<Ref<Memory>> memories;
  for (int number = 0; number < 3; ++number) {
    memories.push_back(host.allocate(bytes_each, {}).take());
    std::ranges::fill(memories.back()->write().take().bytes(), std::byte{0});
  }
  memories.push_back(memfd.allocate(bytes_each, {}).take());
  return memories;
}

TEST(MemoryStress, of_eight_threads_shows_nobody_half_a_write_and_loses_no_count) {
  const std::vector<Ref<Memory>> memories = some_memories();
  std::atomic<uint64_t> reads{0};
  std::atomic<uint64_t> writes{0};
  const Timestamp end = now() + time_to_spend();
  {
    std::vector<std::jthread> threads;
    for (unsigned seed = 0; seed < threads_at_work; ++seed) {
      threads.emplace_back([&, seed] {
        Worker worker(memories, seed);
        while (now() < end) worker.step();
        reads += worker.reads();
        writes += worker.writes();
      });
    }
  }
  for (const Ref<Memory>& memory : memories) {
    EXPECT_EQ(memory->references(), 1U);
    EXPECT_TRUE(memory->write().has_value());
  }
  EXPECT_GT(reads, 0U);
  EXPECT_GT(writes, 0U);
  RecordProperty("reads", std::to_string(reads));
  RecordProperty("writes", std::to_string(writes));
}

}  // namespace
}  // namespace millrace
