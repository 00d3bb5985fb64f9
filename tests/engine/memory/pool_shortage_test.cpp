// SPDX-License-Identifier: MIT
// Pools whose allocator runs out: who finds no buffer is called when there may be one again, and
// nobody is called for nothing.
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/memory/pools.h"
#include "tests/engine/memory/promptly.h"

namespace millrace {
namespace {

/// Has two blocks, like a driver. Asked for a third one it does what it is told to and fails.
class Driver final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "driver"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    if (left == 0) {
      if (const auto act = std::exchange(before_it_fails, nullptr)) act();
      return fail(ErrorKind::unavailable, "the driver has two buffers");
    }
    --left;
    const Ref<Memory> block = MILLRACE_TRY(host_.allocate(size, params));
    return wrap_memory(MILLRACE_TRY(block->write()).bytes(),
                       {.release = [this, block] { ++left; }});
  }

  int left = 2;
  std::function<void()> before_it_fails;

 private:
  SystemAllocator host_;
};

struct PoolShortage : testing::Test {
  Driver driver;
  Ref<BufferPool> pool;
  int calls = 0;

  void begin(PoolCount count) {
    pool = BufferPool::create(driver, {.count = count, .size = 8}).take();
    pool->on_available([this] { ++calls; });
  }
};

TEST_F(PoolShortage, calls_who_found_none_when_a_buffer_comes_home_after_a_failed_allocation) {
  begin(exactly(2));
  Ref<Buffer> spoilt = pool->try_acquire();
  Ref<Buffer> other = pool->try_acquire();
  const Ref<Memory> part = spoilt->memory().share(0, 4).take();
  spoilt = nullptr;
  EXPECT_FALSE(pool->try_acquire()) << "the part still has the memory that a new one would take";
  EXPECT_EQ(calls, 0);
  other = nullptr;
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(pool->try_acquire());
}

TEST_F(PoolShortage, lends_what_came_home_while_a_new_one_could_not_be_made) {
  begin({.min = 2, .max = 3});
  Ref<Buffer> one = pool->try_acquire();
  const Ref<Buffer> two = pool->try_acquire();
  driver.before_it_fails = [&one] { one = nullptr; };
  EXPECT_TRUE(pool->try_acquire());
  EXPECT_EQ(calls, 0);
}

TEST_F(PoolShortage, calls_nobody_because_a_second_attempt_failed_too) {
  begin({.min = 2, .max = 3});
  const Ref<Buffer> one = pool->try_acquire();
  const Ref<Buffer> two = pool->try_acquire();
  for (int attempt = 0; attempt < 3; ++attempt) EXPECT_FALSE(pool->try_acquire());
  EXPECT_FALSE(pool->acquire().has_value());
  EXPECT_EQ(calls, 0);
}

TEST_F(PoolShortage, calls_who_found_no_room_when_the_room_was_taken_for_nothing) {
  begin({.min = 2, .max = 3});
  const Ref<Buffer> one = pool->try_acquire();
  const Ref<Buffer> two = pool->try_acquire();
  driver.before_it_fails = [this] {
    EXPECT_FALSE(pool->try_acquire()) << "the third is being made";
  };
  EXPECT_FALSE(pool->try_acquire());
  EXPECT_EQ(calls, 1);
}

TEST_F(PoolShortage, calls_who_found_none_when_an_earlier_configuration_gives_memory_back) {
  begin(exactly(2));
  Ref<Buffer> old = pool->try_acquire();
  const Ref<Buffer> older = pool->try_acquire();
  ASSERT_TRUE(
      accepted(pool->configure({.count = {.min = 0, .max = 2}, .size = 16, .allocator = &driver})));
  EXPECT_FALSE(pool->try_acquire());
  old = nullptr;
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(pool->try_acquire()->size(), 16U);
}

TEST_F(PoolShortage, is_told_in_the_snapshot_until_it_is_over) {
  begin({.min = 0, .max = 3});
  EXPECT_FALSE(pool->snapshot().failure.has_value());
  driver.left = 0;
  EXPECT_FALSE(pool->try_acquire());
  ASSERT_TRUE(pool->snapshot().failure.has_value());
  EXPECT_EQ(pool->snapshot().failure->what, "the driver has two buffers");
  driver.left = 2;
  EXPECT_TRUE(pool->try_acquire());
  EXPECT_FALSE(pool->snapshot().failure.has_value());
}

}  // namespace
}  // namespace millrace
