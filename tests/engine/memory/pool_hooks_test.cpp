// SPDX-License-Identifier: MIT
#include "engine/memory/pool_hooks.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"

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

TEST(PoolHooks, that_are_none_configure_no_pool) {
  const auto pool = BufferPool::create({.count = exactly(1), .size = 10}, nullptr);
  ASSERT_FALSE(pool.has_value());
  EXPECT_EQ(pool.error().kind, ErrorKind::usage);
  const auto unusable = make_ref<BufferPool>(nullptr);
  unusable->deactivate();
  unusable->set_flushing(true);
  EXPECT_FALSE(unusable->activate().has_value());
  EXPECT_FALSE(unusable->try_acquire());
}

/// Accepts everything, with other numbers.
class Answers final : public PoolHooks {
 public:
  explicit Answers(PoolCount count) : count_(count) {}

  Result<PoolAnswer> review(const PoolConfig& wanted) override {
    PoolConfig answer = wanted;
    answer.count = count_;
    return PoolAccepted{answer};
  }

 private:
  PoolCount count_;
};

TEST(PoolHooks, that_answer_numbers_which_cannot_be_are_an_error) {
  for (const PoolCount& count :
       {PoolCount{.min = 5, .max = 3}, at_least(2000), exactly(5000), exactly(0)}) {
    const auto pool =
        BufferPool::create({.count = exactly(2), .size = 8}, std::make_unique<Answers>(count));
    ASSERT_FALSE(pool.has_value());
    EXPECT_EQ(pool.error().kind, ErrorKind::internal);
    EXPECT_FALSE(pool.error().remedy.empty());
  }
  EXPECT_TRUE(BufferPool::create({.count = exactly(2), .size = 8},
                                 std::make_unique<Answers>(exactly(PoolCount::most)))
                  .has_value());
}

/// Throws where it is told to, else counts.
class Throws final : public PoolHooks {
 public:
  Throws(Story& story, int from) : story_(story), from_(from) {}

  void stop() noexcept override { story_.emplace_back("stop"); }

  Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
    if (from_-- == 0) throw std::runtime_error("out of luck");
    return PoolHooks::allocate(config);
  }

  void dispose(Ref<Buffer> /*buffer*/) noexcept override { story_.emplace_back("dispose"); }

 private:
  Story& story_;
  int from_;
};

TEST(PoolHooks, that_throw_while_a_pool_grows_cost_it_no_place) {
  Story story;
  {
    const auto pool = BufferPool::create({.count = {.min = 0, .max = 1}, .size = 8},
                                         std::make_unique<Throws>(story, 0))
                          .take();
    const Result<Ref<Buffer>> none = pool->acquire();
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().what, "make a buffer for a pool: its hooks threw: out of luck");
    EXPECT_TRUE(acquire_promptly(*pool).has_value());
  }
  EXPECT_EQ(story, (Story{"dispose", "stop"}));
}

TEST(PoolHooks, that_fail_at_one_of_the_first_buffers_dispose_of_the_others_and_stop) {
  Story story;
  const auto pool =
      BufferPool::create({.count = exactly(3), .size = 8}, std::make_unique<Throws>(story, 2));
  EXPECT_FALSE(pool.has_value());
  EXPECT_EQ(story, (Story{"dispose", "dispose", "stop"}));
}

/// Gives a buffer that it disposed of again.
class Reuses final : public PoolHooks {
 public:
  Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
    if (kept_) return std::move(kept_);
    return PoolHooks::allocate(config);
  }

  void dispose(Ref<Buffer> buffer) noexcept override { kept_ = std::move(buffer); }

 private:
  Ref<Buffer> kept_;
};

TEST(PoolHooks, get_a_discarded_buffer_as_it_was_made_and_may_give_it_again) {
  const auto pool =
      BufferPool::create({.count = exactly(1), .size = 64}, std::make_unique<Reuses>()).take();
  const Buffer* first = nullptr;
  {
    Ref<Buffer> buffer = pool->try_acquire();
    first = buffer.get();
    buffer->timing.sequence = 9;
    buffer->flags.key = true;
    ASSERT_TRUE(buffer->resize(0, 5).has_value());
    ASSERT_TRUE(buffer->add(CropMeta{0, 0, 1, 1}).has_value());
    const Ref<Memory> part = buffer->memory().share(0, 1).take();
    buffer = nullptr;
    EXPECT_EQ(pool->snapshot().discarded(Discard::shared), 1U);
  }
  for (int round = 0; round < 2; ++round) {
    const Ref<Buffer> again = pool->try_acquire();
    EXPECT_EQ(again.get(), first);
    EXPECT_EQ(again->timing, BufferTiming{});
    EXPECT_EQ(again->flags, BufferFlags{});
    EXPECT_EQ(again->size(), 64U);
    EXPECT_FALSE(again->crop());
  }
}

}  // namespace
}  // namespace millrace
