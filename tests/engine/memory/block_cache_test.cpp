// SPDX-License-Identifier: MIT
#include "engine/memory/block_cache.h"

#include <algorithm>
#include <span>
#include <thread>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/base/sanitizer.h"
#include "engine/memory/system_allocator.h"

namespace millrace {
namespace {

constexpr size_t mebibyte = size_t{1} << 20;

using Block = BlockCache::Block;

TEST(BlockCache, gives_whole_pages_that_can_be_written) {
  BlockCache cache(mebibyte);
  const Block block = cache.take(100'000);
  ASSERT_NE(block.start, nullptr);
  EXPECT_GE(block.size, 100'000U);
  EXPECT_EQ(block.size % static_cast<size_t>(::sysconf(_SC_PAGESIZE)), 0U);
  std::ranges::fill(std::span(block.start, block.size), std::byte{1});
  cache.give(block);
}

TEST(BlockCache, gives_a_block_of_the_same_size_again_with_its_bytes) {
  BlockCache cache(mebibyte);
  const Block first = cache.take(100'000);
  first.start[5] = std::byte{42};
  cache.give(first);
  EXPECT_EQ(cache.held(), first.size);
  const Block second = cache.take(100'000);
  EXPECT_EQ(second.start, first.start);
  EXPECT_EQ(second.start[5], std::byte{42});
  EXPECT_EQ(cache.held(), 0U);
  cache.give(second);
}

TEST(BlockCache, gives_the_smallest_that_fits_and_at_most_a_quarter_more) {
  BlockCache cache(10 * mebibyte);
  const Block larger = cache.take(mebibyte + mebibyte / 8);
  const Block fitting = cache.take(mebibyte);
  const Block smaller = cache.take(mebibyte / 2);
  for (const Block& block : {fitting, larger, smaller}) cache.give(block);
  EXPECT_EQ(cache.take(mebibyte).start, fitting.start);
  EXPECT_EQ(cache.take(mebibyte).start, larger.start);
  const Block fresh = cache.take(mebibyte / 4);
  EXPECT_NE(fresh.start, smaller.start);
  EXPECT_LT(fresh.size, smaller.size);
  for (const Block& block : {fitting, larger, fresh}) cache.give(block);
}

TEST(BlockCache, keeps_no_more_bytes_than_it_may_and_lets_the_oldest_go) {
  BlockCache cache(2 * mebibyte);
  std::vector<Block> blocks;
  for (int number = 0; number < 3; ++number) blocks.push_back(cache.take(mebibyte));
  for (const Block& block : blocks) cache.give(block);
  EXPECT_EQ(cache.held(), 2 * mebibyte);
  EXPECT_EQ(cache.take(mebibyte).start, blocks[2].start);
  EXPECT_EQ(cache.take(mebibyte).start, blocks[1].start);
  EXPECT_EQ(cache.held(), 0U);
  cache.give(blocks[1]);
  cache.give(blocks[2]);
}

TEST(BlockCache, keeps_no_block_that_alone_is_too_large) {
  BlockCache cache(mebibyte);
  const Block small = cache.take(mebibyte / 2);
  cache.give(small);
  cache.give(cache.take(2 * mebibyte));
  EXPECT_EQ(cache.held(), mebibyte / 2);
}

TEST(BlockCache, keeps_no_more_blocks_than_it_has_places) {
  BlockCache cache(64 * mebibyte);
  std::vector<Block> blocks;
  for (size_t number = 0; number < BlockCache::most_blocks + 3; ++number) {
    blocks.push_back(cache.take(65536));
  }
  for (const Block& block : blocks) cache.give(block);
  EXPECT_EQ(cache.held(), BlockCache::most_blocks * 65536);
}

TEST(BlockCache, gives_all_back_when_it_is_asked) {
  BlockCache cache(mebibyte);
  cache.give(cache.take(mebibyte / 2));
  cache.trim();
  EXPECT_EQ(cache.held(), 0U);
}

TEST(BlockCache, gives_all_back_where_the_kernel_has_no_more) {
  BlockCache cache(mebibyte);
  cache.give(cache.take(mebibyte / 2));
  EXPECT_EQ(cache.take(size_t{1} << 62).start, nullptr);
  EXPECT_EQ(cache.held(), 0U);
}

TEST(BlockCache, has_nothing_for_what_no_machine_has) {
  BlockCache cache(mebibyte);
  EXPECT_EQ(cache.take(size_t{1} << 62).start, nullptr);
  EXPECT_EQ(cache.take(SIZE_MAX).start, nullptr);
}

TEST(BlockCache, serves_many_threads_with_blocks_of_their_own) {
  BlockCache cache(2 * mebibyte);
  std::vector<std::jthread> threads;
  for (int number = 1; number <= 4; ++number) {
    threads.emplace_back([&, mark = static_cast<std::byte>(number)] {
      for (size_t round = 0; round < 200; ++round) {
        const Block block = cache.take(65536 + round % 7 * 8192);
        const std::span bytes(block.start, 65536);
        std::ranges::fill(bytes, mark);
        EXPECT_EQ(std::ranges::count(bytes, mark), 65536);
        cache.give(block);
      }
    });
  }
}

TEST(SystemAllocator, draws_large_blocks_from_the_cache_of_the_process) {
  if (with_address_sanitizer) GTEST_SKIP() << "the address sanitizer sees each block end";
  SystemAllocator allocator;
  BlockCache::process().trim();
  const FileIdentity first = allocator.allocate(3'110'400, {}).take()->identity();
  EXPECT_GE(BlockCache::process().held(), 3'110'400U);
  EXPECT_EQ((*allocator.allocate(3'110'400, {}))->identity(), first);
  BlockCache::process().trim();
  EXPECT_EQ(BlockCache::process().held(), 0U);
}

TEST(SystemAllocator, holds_no_more_than_the_caches_bound_however_much_was_allocated) {
  SystemAllocator allocator;
  std::vector<Ref<Memory>> frames;
  for (size_t number = 0; number < 100; ++number) {
    frames.push_back(allocator.allocate(mebibyte + number * 65536, {}).take());
  }
  frames.clear();
  EXPECT_LE(BlockCache::process().held(), 64 * mebibyte);
  BlockCache::process().trim();
}

}  // namespace
}  // namespace millrace
