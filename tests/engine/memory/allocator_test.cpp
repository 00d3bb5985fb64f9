// SPDX-License-Identifier: MIT
#include "engine/memory/allocator.h"

#include <algorithm>
#include <limits>

#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"
#include "engine/memory/wrapped_memory.h"
#include "engine/testing/allocator_contract.h"

// A sanitizer's malloc ends the program where the real one returns null, which is what the contract
// is about.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "allocator_may_return_null=1";
}

extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options() {
  return "allocator_may_return_null=1";
}

namespace millrace::test {
namespace {

template <class Made>
Result<std::unique_ptr<Allocator>> make() {
  return std::unique_ptr<Allocator>(std::make_unique<Made>());
}

/// Wraps blocks of its own, as somebody does whose library allocates the frames.
class WrappingAllocator final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "wrapped"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    SystemAllocator host;
    AllocationParams writable = params;
    writable.flags.read_only = writable.flags.not_mappable = false;
    const Ref<Memory> under = MILLRACE_TRY(host.allocate(size, writable));
    WriteView bytes = MILLRACE_TRY(WriteView::open(*under, 0, under->maxsize()));
    if (params.flags.read_only) std::ranges::fill(bytes.bytes(), std::byte{0});
    return wrap_memory(bytes.bytes(), {.offset = under->offset(),
                                       .size = size,
                                       .align = params.align,
                                       .flags = params.flags,
                                       .release = [under] {}});
  }
};

INSTANTIATE_TEST_SUITE_P(Heaps, AllocatorContract,
                         testing::Values(make<SystemAllocator>, make<MemfdAllocator>,
                                         make<WrappingAllocator>),
                         [](const auto& one) { return std::string(one.param()->get()->heap()); });

TEST(BlockSize, adds_prefix_padding_and_room_to_align) {
  EXPECT_EQ(*block_size(1000, {.align = 64, .prefix = 10, .padding = 20}), 1093U);
  EXPECT_EQ(*block_size(1000, {.align = 1}), 1000U);
}

TEST(BlockSize, refuses_what_ordinary_memory_cannot_promise) {
  const Result<size_t> size = block_size(1000, {.flags = {.physically_contiguous = true}});
  ASSERT_FALSE(size.has_value());
  EXPECT_EQ(size.error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(size.error().remedy.empty());
}

TEST(BlockSize, refuses_what_cannot_be_addressed_with_the_numbers) {
  const Result<size_t> size =
      block_size(std::numeric_limits<size_t>::max() - 10, {.align = 1, .prefix = 11});
  ASSERT_FALSE(size.has_value());
  EXPECT_NE(size.error().what.find("prefix 11"), std::string::npos);
}

}  // namespace
}  // namespace millrace::test
