// SPDX-License-Identifier: MIT
// Random sequences of operations on a pool, against a simple model: how many buffers there are and
// who has them. MILLRACE_LONG=1: many more.
#include <algorithm>
#include <array>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/buffer_copy.h"
#include "engine/memory/pool.h"
#include "tests/engine/memory/event.h"
#include "tests/engine/memory/pools.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

class PoolMachine {
 public:
  explicit PoolMachine(uint32_t seed) : random_(seed) { configure(); }

  void step() {
    switch (pick(12)) {
      case 0:
        return configure();
      case 1:
        return activate();
      case 2:
        return pick(3) == 0 ? deactivate() : activate();
      case 3:
        return set_flushing(pick(3) == 0);
      case 4:
        return view_one();
      case 5:
        return spoil_one();
      case 6:
      case 7:
      case 8:
        return give_one_back();
      default:
        return acquire();
    }
  }

  /// Whether the pool is as the model says.
  void check() {
    PoolSnapshot seen = pool_->snapshot();
    // What waited for a device may still be on its way home, on the watcher's thread.
    const size_t buffers = lent_.size() + (active_ ? free_ : 0);
    for (const Timestamp give_up = now() + std::chrono::seconds(10);
         seen.slots.size() != buffers && now() < give_up; seen = pool_->snapshot()) {
      std::this_thread::yield();
    }
    ASSERT_EQ(seen.state, state());
    ASSERT_EQ(pool_->free_count(), active_ ? free_ : 0);
    ASSERT_EQ(seen.lent, lent_.size());
    ASSERT_EQ(seen.slots.size(), buffers);
    ASSERT_EQ(seen.discards, discards_);
  }

 private:
  struct Lent {
    Ref<Buffer> buffer;
    Ref<Buffer> view{};  ///< keeps it lent
    uint32_t generation = 0;
    Discard fault = Discard::none;
    Ref<Memory> part{};
  };

  size_t pick(size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(random_); }

  [[nodiscard]] PoolState state() const {
    if (!active_) return PoolState::configured;
    return flushing_ ? PoolState::flushing : PoolState::active;
  }

  void begin() {
    active_ = true;
    ++generation_;
    free_ = made_ = config_.count.min;
  }

  void configure() {
    PoolConfig wanted{.count = {.min = pick(3), .max = 1 + pick(70)}, .size = 1 + pick(3)};
    wanted.count.min = std::min(wanted.count.min, *wanted.count.max);
    ASSERT_TRUE(accepted(pool_->configure(wanted)));
    const bool changes = wanted != config_;
    config_ = wanted;
    if (active_ && changes) begin();
  }

  void activate() {
    ASSERT_TRUE(pool_->activate().has_value());
    if (!active_) begin();
  }

  void deactivate() {
    pool_->deactivate();
    active_ = false;
    flushing_ = false;
  }

  void set_flushing(bool flushing) {
    pool_->set_flushing(flushing);
    flushing_ = active_ && flushing;
  }

  void acquire() {
    Ref<Buffer> buffer = pool_->try_acquire();
    const bool possible = active_ && !flushing_ && (free_ > 0 || made_ < config_.count.limit());
    ASSERT_EQ(static_cast<bool>(buffer), possible);
    if (!buffer) return;
    ASSERT_EQ(buffer->size(), config_.size);
    ASSERT_EQ(buffer->timing, BufferTiming{});
    ASSERT_EQ(buffer->metas().count(), 0U);
    buffer->timing.sequence = 1 + pick(100);
    if (pick(2) == 0) {
      ASSERT_TRUE(buffer->add(CropMeta{0, 0, 1, 1}).has_value());
    }
    if (pick(2) == 0) {
      ASSERT_TRUE(buffer->resize(0, 0).has_value());
    }
    if (free_ > 0) {
      --free_;
    } else {
      ++made_;
    }
    lent_.push_back({.buffer = std::move(buffer), .generation = generation_});
  }

  Lent* one() { return lent_.empty() ? nullptr : &lent_[pick(lent_.size())]; }

  void view_one() {
    Lent* const lent = one();
    if (!lent || !lent->buffer || lent->view || lent->fault != Discard::none) return;
    lent->view = copy_buffer(*lent->buffer).take();
    if (pick(2) == 0) lent->buffer = nullptr;
  }

  void spoil_one() {
    Lent* const lent = one();
    if (!lent || !lent->buffer || lent->view || lent->fault != Discard::none) return;
    if (pick(2) == 0) {
      ASSERT_TRUE(lent->buffer->remove(0, 1).has_value());
      lent->fault = Discard::memories_changed;
    } else {
      lent->part = lent->buffer->memory().share(0, 0).take();
      lent->fault = Discard::shared;
    }
  }

  void give_one_back() {
    if (lent_.empty()) return;
    std::swap(*one(), lent_.back());
    Lent lent = std::move(lent_.back());
    lent_.pop_back();
    const bool fenced = lent.buffer && !lent.view && pick(3) == 0;
    const Event device;
    if (fenced) lent.buffer->release_fences().add(device.fence());
    lent.view = nullptr;
    lent.buffer = nullptr;
    ASSERT_EQ(pool_->snapshot().fenced, fenced ? 1U : 0U);
    settle(lent);
    if (fenced) come_home(device);
  }

  /// The watcher's thread does it, step by step.
  void come_home(const Event& device) {
    device.signal();
    const size_t buffers = lent_.size() + (active_ ? free_ : 0);
    for (const Timestamp give_up = now() + std::chrono::seconds(60);;) {
      const PoolSnapshot seen = pool_->snapshot();
      if (seen.lent == lent_.size() && seen.slots.size() == buffers && seen.fenced == 0) return;
      ASSERT_LT(now(), give_up);
      std::this_thread::yield();
    }
  }

  void settle(const Lent& lent) {
    const bool retired = !active_ || lent.generation != generation_;
    if (lent.fault != Discard::none) {
      ++discards_[static_cast<size_t>(lent.fault)];
      made_ -= !retired;
    } else if (retired) {
      ++discards_[static_cast<size_t>(Discard::retired)];
    } else {
      ++free_;
    }
  }

  std::minstd_rand random_;
  Ref<BufferPool> pool_ = make_ref<BufferPool>();
  PoolConfig config_;
  bool active_ = false;
  bool flushing_ = false;
  uint32_t generation_ = 0;
  size_t made_ = 0;
  size_t free_ = 0;
  std::array<uint64_t, discard_causes> discards_{};
  std::vector<Lent> lent_;
};

TEST(PoolProperty, random_operations_do_what_the_model_does) {
  const uint32_t seeds = test::in_long_form() ? 5000 : 30;
  for (uint32_t seed = 1; seed <= seeds; ++seed) {
    PoolMachine machine(seed);
    for (int step = 0; step < 400; ++step) {
      machine.step();
      machine.check();
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace millrace
