// SPDX-License-Identifier: MIT
// W10: what shows bytes of a pooled buffer keeps that buffer lent, and it comes home whole.
#include <algorithm>

#include <gtest/gtest.h>

#include "engine/memory/pool.h"
#include "tests/engine/memory/buffers.h"
#include "tests/engine/memory/event.h"

namespace millrace {
namespace {

using Bytes = CopyParams::Bytes;

class BufferOrigin : public WithAccount {
 protected:
  Ref<BufferPool> pool() {
    PoolConfig config;
    config.count = exactly(1);
    config.size = 8;
    return BufferPool::create(allocator_, config).take();
  }

  static bool discarded_none(const BufferPool& pool) {
    const PoolSnapshot snapshot = pool.snapshot();
    return std::ranges::all_of(snapshot.discards, [](uint64_t count) { return count == 0; });
  }

  Ref<BufferPool> pool_ = pool();
  Ref<Buffer> lent_ = pool_->try_acquire();
};

TEST_F(BufferOrigin, is_the_lent_buffer_of_copies_and_of_views_of_views) {
  const Ref<Buffer> copy = copy_buffer(*lent_).take();
  const Ref<Buffer> view = view_of(*copy, 2, 4).take();
  EXPECT_EQ(copy->origin(), lent_.get());
  EXPECT_EQ(view->origin(), lent_.get());
  EXPECT_EQ(lent_->origin(), nullptr);
}

TEST_F(BufferOrigin, comes_home_with_the_last_view_and_is_the_same_buffer) {
  const Buffer* const lent = lent_.get();
  Ref<Buffer> copy = copy_buffer(*lent_).take();
  Ref<Buffer> view = view_of(*copy, 2, 4).take();
  lent_ = nullptr;
  EXPECT_EQ(pool_->free_count(), 0U);
  copy = nullptr;
  EXPECT_EQ(pool_->free_count(), 0U);
  view = nullptr;
  EXPECT_EQ(pool_->free_count(), 1U);
  EXPECT_TRUE(discarded_none(*pool_));
  lent_ = pool_->try_acquire();
  EXPECT_EQ(lent_.get(), lent);
  EXPECT_TRUE(lent_->is_writable(0));
}

TEST_F(BufferOrigin, stays_lent_for_a_buffer_that_it_was_copied_into) {
  Ref<Buffer> target = buffer_with("abcd");
  ASSERT_TRUE(copy_into(*lent_, *target).has_value());
  lent_ = nullptr;
  EXPECT_EQ(pool_->free_count(), 0U);
  target = nullptr;
  EXPECT_EQ(pool_->free_count(), 1U);
  EXPECT_TRUE(discarded_none(*pool_));
}

TEST_F(BufferOrigin, may_be_two_buffers_which_both_stay_lent) {
  const Ref<BufferPool> other = pool();
  Ref<Buffer> target = copy_buffer(*lent_).take();
  ASSERT_TRUE(copy_into(*other->try_acquire(), *target, {.metas = false}).has_value());
  lent_ = nullptr;
  // A copy without metas keeps both as well.
  target = copy_buffer(*target, {.metas = false}).take();
  EXPECT_EQ(target->size(), 16U);
  EXPECT_EQ(pool_->free_count() + other->free_count(), 0U);
  target = nullptr;
  EXPECT_EQ(pool_->free_count(), 1U);
  EXPECT_EQ(other->free_count(), 1U);
  EXPECT_TRUE(discarded_none(*pool_) && discarded_none(*other));
}

TEST_F(BufferOrigin, is_let_go_by_a_copy_with_bytes_of_its_own) {
  const Ref<Buffer> deep = copy_buffer(*lent_, {.bytes = Bytes::deep, .into = &into_}).take();
  const Ref<Buffer> merged = copy_buffer(*lent_, {.bytes = Bytes::merge, .into = &into_}).take();
  const Ref<Buffer> facts = copy_buffer(*lent_, {.bytes = Bytes::none}).take();
  lent_ = nullptr;
  EXPECT_EQ(pool_->free_count(), 1U);
  EXPECT_TRUE(discarded_none(*pool_));
}

TEST_F(BufferOrigin, is_let_go_by_a_view_that_is_unshared) {
  const Ref<Buffer> view = view_of(*lent_, 2, 4).take();
  lent_ = nullptr;
  ASSERT_TRUE(unshare(*view, into_).has_value());
  EXPECT_EQ(view->origin(), nullptr);
  EXPECT_EQ(pool_->free_count(), 1U);
  EXPECT_TRUE(discarded_none(*pool_));
}

TEST_F(BufferOrigin, is_let_go_by_a_view_that_is_linearized) {
  const Ref<BufferPool> other = pool();
  const Ref<Buffer> view = copy_buffer(*lent_).take();
  ASSERT_TRUE(copy_into(*other->try_acquire(), *view).has_value());
  lent_ = nullptr;
  ASSERT_TRUE(linearize(*view, into_).has_value());
  EXPECT_EQ(pool_->free_count(), 1U);
  EXPECT_EQ(other->free_count(), 1U);
  EXPECT_TRUE(discarded_none(*pool_) && discarded_none(*other));
}

TEST_F(BufferOrigin, made_writable_under_two_references_keeps_the_lent_one) {
  Ref<Buffer> copy = lent_;
  ASSERT_TRUE(make_writable(copy).has_value());
  EXPECT_EQ(copy->origin(), lent_.get());
  EXPECT_TRUE(copy->is_writable());
  EXPECT_FALSE(copy->is_writable(0));
}

TEST_F(BufferOrigin, stays_lent_until_the_device_that_has_a_view_is_done) {
  const Event event;
  {
    const Ref<Buffer> view = view_of(*lent_, 2, 4).take();
    view->release_fences().add(event.fence());
  }
  lent_ = nullptr;
  EXPECT_EQ(pool_->free_count(), 0U);
  event.signal();
  EXPECT_TRUE(pool_->acquire().has_value());
  EXPECT_TRUE(discarded_none(*pool_));
}

}  // namespace
}  // namespace millrace
