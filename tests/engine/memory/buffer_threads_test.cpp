// SPDX-License-Identifier: MIT
// Several threads, each with a reference of its own, use one pooled buffer at once.
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/buffer_bytes.h"
#include "engine/memory/frame_view.h"
#include "engine/memory/pool.h"
#include "tests/engine/memory/buffers.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

constexpr uint32_t width = 16;
constexpr uint32_t height = 4;

Ref<BufferPool> pool_of_frames(Allocator& allocator) {
  PoolConfig config;
  config.count = exactly(1);
  config.video = VideoMeta{.width = width,
                           .height = height,
                           .layout = tight_layout(PixelFormat::gray8, width, height).take()};
  return BufferPool::create(allocator, config).take();
}

/// What a holder may do; true when all of it was as it should be.
bool use(const Ref<Buffer>& lent) {
  const Ref<Buffer> copy = copy_buffer(*lent).take();
  const Ref<Buffer> view = view_of(*copy, 8, 16).take();
  const bool shows_frame = FrameReadView::create(*copy).has_value();
  const bool shows_part = view->read().take().bytes()[0] == std::byte{8};
  return shows_frame && shows_part && !view->write() && !lent->write() &&
         compare_bytes(*lent, 0, bytes_of(ramp(width * height))).take() == 0;
}

TEST(BufferThreads, holders_read_copy_and_view_one_lent_buffer_which_then_comes_home) {
  const int rounds = test::in_long_form() ? 20000 : 200;
  SystemAllocator allocator;
  const Ref<BufferPool> pool = pool_of_frames(allocator);
  observe::Ledger ledger;
  auto& account = ledger.open(observe::MoveKind::fill, "source", "test", "cpu");
  std::atomic<int> wrong{0};
  for (int round = 0; round < rounds; ++round) {
    Ref<Buffer> lent = pool->try_acquire();
    ASSERT_TRUE(lent);
    ASSERT_TRUE(fill_bytes(*lent, 0, bytes_of(ramp(width * height)), account).has_value());
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([lent, &wrong] {
        for (int use_of_it = 0; use_of_it < 8; ++use_of_it) wrong += !use(lent);
      });
    }
    lent = nullptr;
    threads.clear();
    ASSERT_EQ(pool->free_count(), 1U);
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(pool->snapshot().discarded(Discard::shared), 0U);
  EXPECT_EQ(pool->snapshot().discarded(Discard::mapped), 0U);
}

}  // namespace
}  // namespace millrace
