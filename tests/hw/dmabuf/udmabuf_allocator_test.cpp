// SPDX-License-Identifier: MIT
#include "hw/dmabuf/udmabuf_allocator.h"

#include <gtest/gtest.h>

#include "engine/testing/allocator_contract.h"
#include "hw/dmabuf/udmabuf.h"

namespace millrace::test {
namespace {

// Skipped, with the reason, where /dev/udmabuf cannot be opened.
INSTANTIATE_TEST_SUITE_P(Udmabuf, AllocatorContract,
                         testing::Values(dmabuf::UdmabufAllocator::create));

TEST(UdmabufAllocator, refuses_a_block_above_the_drivers_limit_and_names_it) {
  auto allocator = dmabuf::UdmabufAllocator::create();
  if (!allocator) GTEST_SKIP() << allocator.error().what << ". " << allocator.error().remedy;
  const uint64_t limit = dmabuf::udmabuf_size_limit();
  const auto memory = allocator.take()->allocate(limit + 1, {});
  ASSERT_FALSE(memory.has_value());
  EXPECT_EQ(memory.error().kind, ErrorKind::unavailable);
  EXPECT_NE(memory.error().what.find(std::to_string(limit)), std::string::npos);
}

}  // namespace
}  // namespace millrace::test
