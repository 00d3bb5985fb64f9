// SPDX-License-Identifier: MIT
#include "engine/memory/pool_hooks.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/memory/pools.h"

namespace millrace {
namespace {

using Story = std::vector<std::string>;

/// Tells what it is told.
class Teller final : public PoolHooks {
 public:
  Teller(Story& story, Hears hears) : PoolHooks(hears), story_(story) {}

  Result<> start(const PoolConfig& config) override {
    story_.push_back("start " + std::to_string(config.size));
    return {};
  }

  void stop() noexcept override { story_.emplace_back("stop"); }

  Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
    story_.emplace_back("allocate");
    return PoolHooks::allocate(config);
  }

  void acquired(Buffer& buffer) noexcept override {
    story_.emplace_back("acquired");
    buffer.timing.sequence = 5;
  }

  void reset(Buffer& buffer) noexcept override {
    story_.push_back("reset " + std::to_string(buffer.timing.sequence));
  }

  bool released(Buffer& /*buffer*/) noexcept override {
    story_.emplace_back("released");
    return keep;
  }

  void dispose(Ref<Buffer> buffer) noexcept override {
    story_.emplace_back(buffer->pool() ? "dispose of a pooled one" : "dispose");
  }

  bool keep = true;

 private:
  Story& story_;
};

constexpr PoolHooks::Hears everything{.acquired = true, .returned = true};

TEST(PoolHooks, are_told_of_a_buffers_whole_life) {
  Story story;
  Ref<BufferPool> pool = BufferPool::create({.count = exactly(1), .size = 10},
                                            std::make_unique<Teller>(story, everything))
                             .take();
  pool->try_acquire() = nullptr;
  pool = nullptr;
  EXPECT_EQ(story,
            (Story{"start 10", "allocate", "acquired", "reset 0", "released", "dispose", "stop"}));
}

TEST(PoolHooks, are_not_told_of_what_they_do_not_ask_for) {
  Story story;
  const Ref<BufferPool> pool = BufferPool::create({.count = exactly(1), .size = 10},
                                                  std::make_unique<Teller>(story, Teller::Hears{}))
                                   .take();
  pool->try_acquire() = nullptr;
  EXPECT_EQ(story, (Story{"start 10", "allocate"}));
}

TEST(PoolHooks, stop_after_the_last_buffer_of_a_generation_whose_handle_is_gone) {
  Story story;
  Ref<BufferPool> pool = BufferPool::create({.count = exactly(1), .size = 10},
                                            std::make_unique<Teller>(story, Teller::Hears{}))
                             .take();
  Ref<Buffer> out = pool->try_acquire();
  ASSERT_TRUE(accepted(pool->configure({.count = exactly(1), .size = 20})));
  pool = nullptr;
  EXPECT_EQ(story, (Story{"start 10", "allocate", "start 20", "allocate", "dispose", "stop"}));
  out = nullptr;
  EXPECT_EQ(story.size(), 8U) << "the old generation is disposed of and stopped, too";
}

TEST(PoolHooks, may_refuse_to_have_a_buffer_lent_again) {
  Story story;
  auto hooks = std::make_unique<Teller>(story, everything);
  hooks->keep = false;
  const Ref<BufferPool> pool =
      BufferPool::create({.count = exactly(1), .size = 10}, std::move(hooks)).take();
  pool->try_acquire() = nullptr;
  EXPECT_EQ(pool->snapshot().discarded(Discard::refused), 1U);
  EXPECT_TRUE(pool->try_acquire());
}

/// Makes a counter-offer of at least four buffers, and fails to start without that.
class WantsFour final : public PoolHooks {
 public:
  Result<PoolAnswer> review(const PoolConfig& wanted) override {
    if (wanted.count.min >= 4) return PoolHooks::review(wanted);
    PoolConfig more = wanted;
    more.count = exactly(4);
    return PoolCounterOffer{more, "the driver keeps three"};
  }

  Result<> start(const PoolConfig& config) override {
    if (config.size == 13) return fail(ErrorKind::unavailable, "start: 13 bytes");
    return {};
  }
};

TEST(PoolHooks, may_make_a_counter_offer) {
  const auto pool = make_ref<BufferPool>(std::make_unique<WantsFour>());
  const Result<PoolAnswer> answer = pool->configure({.count = exactly(2), .size = 10});
  const PoolCounterOffer* const offer = counter_offer(answer);
  ASSERT_TRUE(offer);
  EXPECT_TRUE(accepted(pool->configure(offer->config)));
  ASSERT_TRUE(pool->activate().has_value());
  EXPECT_EQ(pool->free_count(), 4U);
}

TEST(PoolHooks, may_refuse_to_start) {
  const auto pool =
      BufferPool::create({.count = exactly(4), .size = 13}, std::make_unique<WantsFour>());
  ASSERT_FALSE(pool.has_value());
  EXPECT_EQ(pool.error().what, "start: 13 bytes");
}

/// Gives what it keeps, if anything.
class Keeper final : public PoolHooks {
 public:
  explicit Keeper(Ref<Buffer> kept) : kept_(std::move(kept)) {}

  Result<Ref<Buffer>> allocate(const PoolConfig& /*config*/) override { return kept_; }

 private:
  Ref<Buffer> kept_;
};

TEST(PoolHooks, that_give_no_buffer_or_one_that_somebody_has_are_an_error) {
  for (const bool none : {true, false}) {
    const auto pool =
        BufferPool::create({.count = exactly(1), .size = 10},
                           std::make_unique<Keeper>(none ? Ref<Buffer>() : Buffer::create()));
    ASSERT_FALSE(pool.has_value());
    EXPECT_EQ(pool.error().kind, ErrorKind::internal);
  }
}

}  // namespace
}  // namespace millrace
