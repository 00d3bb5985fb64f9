// SPDX-License-Identifier: MIT
// Eight threads that do to pools, buffers and memories at random what stages do to them, while any
// of them configures the pool anew: they lend and return, hand buffers to each other, copy and view
// them, share and map their memories, spoil them, and let devices finish late. Nobody ever sees
// bytes that somebody else writes, and every pool ends with all that it began. Three seconds;
// MILLRACE_LONG=1: forty.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/buffer_copy.h"
#include "tests/engine/memory/event.h"
#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

constexpr size_t threads_at_work = 8;

/// What became of all pools, over all threads.
struct Sums {
  std::atomic<uint64_t> lent{0};
  std::atomic<uint64_t> passed_on{0};
  std::atomic<uint64_t> calls{0};   ///< that there is a buffer again
  std::atomic<int> generations{0};  ///< begun and not ended
  std::atomic<int> pools{0};
};

/// Fails now and then, and refuses buffers.
class Moody final : public PoolHooks {
 public:
  Moody(Sums& sums, Hears hears) : PoolHooks(hears), sums_(sums) { ++sums_.pools; }

  ~Moody() override { --sums_.pools; }

  Result<> start(const PoolConfig& /*config*/) override {
    if (is_in_a_mood(13)) return fail(ErrorKind::unavailable, "start: not in the mood");
    ++sums_.generations;
    return {};
  }

  void stop() noexcept override { --sums_.generations; }

  Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
    if (is_in_a_mood(11)) return fail(ErrorKind::unavailable, "allocate: not in the mood");
    return PoolHooks::allocate(config);
  }

  bool released(Buffer& /*buffer*/) noexcept override { return !is_in_a_mood(17); }

 private:
  bool is_in_a_mood(unsigned one_of) { return ++asked_ % one_of == 0; }

  Sums& sums_;
  std::atomic<unsigned> asked_{0};
};

/// One buffer at a time that any thread may look at.
class Counter {
 public:
  Ref<Buffer> exchange(Ref<Buffer> buffer) {
    const Lock lock(mutex_);
    std::swap(lies_here_, buffer);
    return buffer;
  }

  Ref<Buffer> look() {
    const Lock lock(mutex_);
    return lies_here_;
  }

 private:
  Mutex mutex_;
  Ref<Buffer> lies_here_ MILLRACE_GUARDED_BY(mutex_);
};

/// Whoever reads two values has seen what another one writes.
bool is_whole(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [&](std::byte b) { return b == bytes[0]; });
}

/// A device that reads a buffer which was given back.
struct LateDevice {
  Event done;
  Ref<Memory> memory;
  std::byte mark;

  void finish() const {
    EXPECT_EQ(memory->read().take().bytes()[0], mark) << "the buffer was lent too early";
    EXPECT_TRUE(is_whole(memory->read().take().bytes()));
    done.signal();
  }
};

class Worker {
 public:
  Worker(Ref<BufferPool> pool, Counter& counter, Sums& sums, unsigned seed)
      : pool_(std::move(pool)), counter_(counter), sums_(sums), random_(seed) {}

  ~Worker() {
    if (pick(2) == 0) pool_ = nullptr;
    for (const LateDevice& device : devices_) device.finish();
  }

  void step() {
    switch (pick(12)) {
      case 0:
        return change_the_pool();
      case 1:
      case 2:
        return look_at_the_counter();
      case 3:
        return forget();
      case 4:
        static_cast<void>(pool_->snapshot());
        static_cast<void>(pool_->memories());
        return;
      default:
        if (Ref<Buffer> buffer = lend()) pass_on(std::move(buffer));
    }
  }

 private:
  size_t pick(size_t below) { return random_() % below; }

  void change_the_pool() {
    const size_t least = pick(4);
    switch (pick(8)) {
      case 0:
        return pool_->deactivate();
      case 1:
        pool_->set_flushing(true);
        return pool_->set_flushing(false);
      case 2:
        return pool_->on_available([&sums = sums_] { ++sums.calls; });
      case 3:
        static_cast<void>(pool_->configure({.count = {.min = least, .max = least + 1 + pick(70)},
                                            .size = 1 + pick(64),
                                            .options = {.track_holders = pick(2) == 0}}));
        return;
      default:
        static_cast<void>(pool_->activate());
    }
  }

  Ref<Buffer> lend() {
    Ref<Buffer> buffer;
    if (pick(2) == 0) {
      buffer = pool_->try_acquire();
    } else if (auto waited = pool_->acquire({}, now() + std::chrono::microseconds(pick(500)))) {
      buffer = waited.take();
    }
    if (!buffer) return nullptr;
    ++sums_.lent;
    EXPECT_TRUE(buffer->is_sole_owner());
    EXPECT_EQ(buffer->timing, BufferTiming{});
    EXPECT_FALSE(buffer->crop());
    EXPECT_TRUE(buffer->release_fences().empty());
    std::ranges::fill(buffer->write().take().bytes(), mark_);
    buffer->timing.sequence = 1;
    EXPECT_TRUE(buffer->add(CropMeta{0, 0, 1, 1}).has_value());
    return buffer;
  }

  /// What a stage may do with a buffer that it has filled.
  void pass_on(Ref<Buffer> buffer) {
    const auto memory = Ref<Memory>::share(&buffer->memory());
    switch (pick(8)) {
      case 0:
        devices_.push_back({.done = {}, .memory = memory, .mark = mark_});
        buffer->release_fences().add(devices_.back().done.fence());
        return;
      case 1:
        buffers_[pick(buffers_.size())] = view_of(*buffer, 0, 1 + pick(buffer->size())).take();
        return;
      case 2:
        buffers_[pick(buffers_.size())] = copy_buffer(*buffer).take();
        return;
      case 3:
        EXPECT_TRUE(buffer->resize(0, 0).has_value());
        return;
      case 4:
        EXPECT_TRUE(buffer->remove(0, 1).has_value());
        return;
      case 5:
        parts_[pick(parts_.size())] = memory->share(0, 1).take();
        return;
      case 6: {
        const ReadView view = memory->read().take();
        buffer = nullptr;
        EXPECT_EQ(view.bytes()[0], mark_);
        return;
      }
      default:
        counter_.exchange(std::move(buffer)) = nullptr;
        ++sums_.passed_on;
    }
  }

  /// Others have the buffer too, so nobody writes.
  void look_at_the_counter() {
    const Ref<Buffer> seen = counter_.look();
    if (!seen) return;
    EXPECT_TRUE(is_whole(seen->read().take().bytes()));
    const Ref<Buffer> copy = copy_buffer(*seen).take();
    const Ref<Buffer> view = view_of(*copy, 0, 1).take();
    const Ref<Memory> part = seen->memory().share(0, 1).take();
    EXPECT_EQ(part->read().take().bytes()[0], view->read().take().bytes()[0]);
    EXPECT_FALSE(copy->write().has_value());
  }

  void forget() {
    buffers_[pick(buffers_.size())] = nullptr;
    parts_[pick(parts_.size())] = nullptr;
    if (pick(4) == 0) counter_.exchange(nullptr) = nullptr;
    if (!devices_.empty()) {
      devices_.front().finish();
      devices_.erase(devices_.begin());
    }
    if (pick(50) == 0) std::this_thread::sleep_for(std::chrono::microseconds(pick(200)));
  }

  Ref<BufferPool> pool_;
  Counter& counter_;
  Sums& sums_;
  std::mt19937 random_;
  const std::byte mark_ = static_cast<std::byte>(random_());
  std::array<Ref<Buffer>, 3> buffers_;
  std::array<Ref<Memory>, 2> parts_;
  std::vector<LateDevice> devices_;
};

/// All that happens to one pool, until nobody has a handle or a buffer of it any more.
void use_one_pool(Sums& sums, unsigned round, Timestamp end) {
  const PoolHooks::Hears hears{.acquired = round % 2 == 0, .returned = round % 4 < 2};
  auto pool = make_ref<BufferPool>(std::make_unique<Moody>(sums, hears));
  EXPECT_TRUE(accepted(pool->configure({.count = {.min = 1, .max = 4}, .size = 8})));
  static_cast<void>(pool->activate());
  Counter counter;
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread < threads_at_work; ++thread) {
    threads.emplace_back([&counter, &sums, pool, end, seed = round * 100 + thread]() mutable {
      Worker worker(std::move(pool), counter, sums, seed);
      while (now() < end) worker.step();
    });
  }
  pool = nullptr;
}

TEST(PoolStress, of_eight_threads_shows_nobody_anothers_bytes_and_ends_every_pool) {
  Sums sums;
  const Timestamp end = now() + std::chrono::seconds(test::in_long_form() ? 40 : 3);
  for (unsigned round = 0; now() < end; ++round) {
    use_one_pool(sums, round, now() + std::chrono::milliseconds(200));
    await([&] { return sums.pools == 0; });  // devices bring their buffers home by themselves
    ASSERT_EQ(sums.generations, 0);
  }
  EXPECT_GT(sums.lent, 0U);
  EXPECT_GT(sums.passed_on, 0U);
  EXPECT_GT(sums.calls, 0U);
  RecordProperty("lent", std::to_string(sums.lent));
}

}  // namespace
}  // namespace millrace
