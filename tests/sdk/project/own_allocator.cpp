// SPDX-License-Identifier: MIT
// An allocator of one's own, complete: blocks that the kernel backs with huge pages where it can,
// so that a large frame costs a few page faults instead of thousands. It passes the contract that
// every allocator keeps, and pipelines know it by its name once it is registered.
#include <cerrno>
#include <memory>

#include <sys/mman.h>

#include "engine/base/checked.h"
#include "engine/memory/allocator_registry.h"
#include "engine/testing/allocator_contract.h"

namespace mine {

using namespace millrace;

/// One mapping. What Memory does (views, parts, ranges, counting) it does by itself.
class HugeMemory final : public Memory {
 public:
  HugeMemory(std::byte* start, const Facts& facts) : Memory(facts), start_(start) {
    // Mapped for all its life: views open and close in one step, without a call of ours.
    if (!facts.flags.not_mappable) set_mapped(start);
  }

  ~HugeMemory() override { ::munmap(start_, maxsize()); }

 private:
  Result<std::byte*> address() override { return start_; }

  std::byte* start_;
};

/// Thread-safe, as it has no state.
class HugePageAllocator final : public Allocator {
 public:
  static constexpr size_t huge_page = size_t{2} << 20;

  [[nodiscard]] std::string_view heap() const override { return "huge-pages"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    // Checks the params and every sum, and adds the room that aligning may take.
    const size_t needed = MILLRACE_TRY(block_size(size, params));
    const auto total = checked_round_up(std::max<size_t>(needed, 1), huge_page);
    if (!total) return fail(ErrorKind::internal, "allocate huge pages: too many");
    void* const start =
        ::mmap(nullptr, *total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
      return fail_errno("allocate " + std::to_string(*total) + " bytes of huge pages", errno,
                        "Use fewer buffers.");
    }
    ::madvise(start, *total, MADV_HUGEPAGE);  // a wish; without it the pages are small
    return Ref<Memory>(make_ref<HugeMemory>(static_cast<std::byte*>(start),
                                            describe(start, *total, size, params)));
  }

 private:
  static MemoryFacts describe(const void* start, size_t total, size_t size,
                              const AllocationParams& params) {
    const auto address = reinterpret_cast<uintptr_t>(start);
    const uintptr_t first = address + params.prefix;
    // New pages are zero, so each flag that promises zeros is kept.
    return {.kind = MemoryKind::host,
            .type = "huge-pages",
            .flags = params.flags,
            .maxsize = total,
            .offset = (first + params.align - 1) / params.align * params.align - address,
            .size = size,
            .align = params.align,
            .identity = {0, address}};
  }
};

Result<std::unique_ptr<Allocator>> make() {
  return std::unique_ptr<Allocator>(std::make_unique<HugePageAllocator>());
}

TEST(HugePageAllocator, is_a_heap_of_every_pipeline_once_it_is_registered) {
  auto& registry = AllocatorRegistry::process();
  ASSERT_TRUE(registry.add({.allocator = std::make_shared<HugePageAllocator>()}).has_value());
  const AllocatorSet heaps = AllocatorSet::standard();
  ASSERT_TRUE(heaps.find("huge-pages"));
  const Ref<Memory> memory = heaps.find("huge-pages")->allocate(3'110'400, {}).take();
  EXPECT_TRUE(memory->is_type("huge-pages"));
  EXPECT_EQ(memory->maxsize() % HugePageAllocator::huge_page, 0U);
}

}  // namespace mine

namespace millrace::test {

INSTANTIATE_TEST_SUITE_P(HugePages, AllocatorContract, testing::Values(mine::make));

}  // namespace millrace::test
