// SPDX-License-Identifier: MIT
// The reference cases of allocators, of wrapped bytes and of files, by number (engine/README.md).
#include <array>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/memory/allocator_registry.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"
#include "engine/memory/wrapped_memory.h"

namespace millrace {
namespace {

Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) {
  SystemAllocator allocator;
  return allocator.allocate(size, params);
}

UniqueFd file_of(std::string_view text) {
  UniqueFd file(::memfd_create("wrapped", MFD_CLOEXEC));
  EXPECT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return file;
}

/// How often this process has mapped the file.
size_t mappings_of(int file) {
  const std::string inode = " " + std::to_string(identify(file)->inode) + " ";
  std::ifstream maps("/proc/self/maps");
  size_t found = 0;
  for (std::string line; std::getline(maps, line);) found += line.find(inode) != std::string::npos;
  return found;
}

bool is_open(int file) {
  return ::fcntl(file, F_GETFD) >= 0;
}

TEST(AllocatorCases, case_041_the_first_visible_byte_is_the_aligned_one) {
  // Align is a number of bytes, not a mask. The reference aligns the byte before the prefix, which
  // nobody reads.
  const Ref<Memory> memory = allocate(100, {.align = 256, .prefix = 10, .padding = 7}).take();
  const ReadView view = memory->read().take();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(view.bytes().data()) % 256, 0U);
  EXPECT_GE(memory->offset(), 10U);
  EXPECT_GE(memory->maxsize(), memory->offset() + 107);
}

TEST(AllocatorCases, case_043_an_alignment_that_is_none_is_refused_and_the_default_is_64) {
  // The reference makes 8 bytes of a mask of 3. A number of bytes is a power of two or a mistake.
  EXPECT_FALSE(allocate(100, {.align = 3}).has_value());
  EXPECT_EQ((*allocate(100, {}))->align(), 64U);
}

TEST(AllocatorCases, case_044_wrapped_bytes_show_their_range_of_the_block) {
  std::array<std::byte, 64> block{};
  const Ref<Memory> memory = wrap_memory(block, {.offset = 8, .size = 40}).take();
  const ReadView view = memory->read().take();
  EXPECT_EQ(view.bytes().data(), block.data() + 8);
  EXPECT_EQ(view.size(), 40U);
  EXPECT_EQ(view.maxsize(), 56U);
}

/// Host memory by another name.
class NamedAllocator final : public Allocator {
 public:
  explicit NamedAllocator(std::string_view name) : name_(name) {}

  [[nodiscard]] std::string_view heap() const override { return name_; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::host; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    return host_.allocate(size, params);
  }

 private:
  std::string_view name_;
  SystemAllocator host_;
};

TEST(AllocatorCases, case_052_what_was_registered_is_found) {
  // The name is the heap's own, as plans and memories say it; the reference has one beside it.
  AllocatorRegistry registry;
  const auto mine = std::make_shared<NamedAllocator>("x");
  ASSERT_TRUE(registry.add({.allocator = mine}).has_value());
  const std::shared_ptr<Allocator> found = registry.find("x");
  EXPECT_EQ(found, mine);
  EXPECT_EQ(mine.use_count(), 3) << "whoever finds it has it too";
  EXPECT_EQ(registry.find("y"), nullptr);
}

TEST(AllocatorCases, case_053_the_default_is_what_was_set) {
  AllocatorRegistry registry;
  EXPECT_EQ(registry.default_allocator().heap(), "host");
  ASSERT_TRUE(registry.set_default(std::make_shared<MemfdAllocator>()).has_value());
  const Ref<Memory> memory = registry.default_allocator().allocate(100, {}).take();
  EXPECT_TRUE(memory->is_type("memfd"));
  EXPECT_EQ(registry.find("host")->heap(), "host");
}

TEST(FileCases, case_056_a_file_stays_mapped_and_shows_what_was_written) {
  const Ref<Memory> memory = wrap_file(file_of("0123456789")).take();
  EXPECT_EQ(memory->read().take().bytes()[5], std::byte{'5'});
  memory->write().take().bytes()[5] = std::byte{'X'};
  EXPECT_EQ(memory->read().take().bytes()[5], std::byte{'X'});
  EXPECT_EQ(mappings_of(memory->fd()), 1U);
}

TEST(FileCases, case_058_memfd_blocks_are_whole_pages) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  MemfdAllocator allocator;
  EXPECT_EQ((*allocator.allocate(100, {}))->maxsize(), page);
  EXPECT_EQ((*allocator.allocate(page + 904, {}))->maxsize(), 2 * page);
  EXPECT_EQ((*allocator.allocate(page, {}))->maxsize(), page);
}

TEST(FileCases, case_059_a_part_is_seen_through_the_mapping_of_the_whole) {
  const Ref<Memory> root = wrap_file(file_of(std::string(4096, 'x'))).take();
  const Ref<Memory> part = root->share(100, 50).take();
  const ReadView whole = root->read().take();
  const ReadView view = part->read().take();
  EXPECT_EQ(view.bytes().data() - whole.bytes().data(), 100);
  EXPECT_EQ(mappings_of(root->fd()), 1U);
  EXPECT_EQ(part->fd(), root->fd());
}

TEST(FileCases, case_061_a_file_is_not_written_while_it_is_read) {
  const Ref<Memory> memory = wrap_file(file_of("0123456789")).take();
  {
    const ReadView view = memory->read().take();
    EXPECT_FALSE(memory->write().has_value());
  }
  EXPECT_TRUE(memory->write().has_value());
}

TEST(WrapFile, takes_the_descriptor_over_and_closes_it_at_the_end) {
  UniqueFd file = file_of("0123456789");
  const int number = file.get();
  Ref<Memory> memory = wrap_file(std::move(file)).take();
  EXPECT_EQ(memory->fd(), number);
  EXPECT_EQ(memory->size(), 10U);
  memory = nullptr;
  EXPECT_FALSE(is_open(number));
}

TEST(WrapFile, leaves_a_borrowed_descriptor_open_and_says_when_it_is_done) {
  const UniqueFd file = file_of("0123456789");
  int released = 0;
  Ref<Memory> memory =
      wrap_borrowed_file(file.get(), {.release = [&released] { ++released; }}).take();
  EXPECT_EQ(memory->identity(), *identify(file.get()));
  memory = nullptr;
  EXPECT_TRUE(is_open(file.get()));
  EXPECT_EQ(released, 1);
}

TEST(WrapFile, takes_a_file_that_is_open_for_reading_alone_as_read_only) {
  const UniqueFd file = file_of("0123456789");
  const UniqueFd reader(
      ::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(wrap_borrowed_file(reader.get()).error().kind, ErrorKind::denied);
  const Ref<Memory> memory =
      wrap_borrowed_file(reader.get(), {.flags = {.read_only = true}}).take();
  EXPECT_EQ(memory->read().take().bytes()[9], std::byte{'9'});
  EXPECT_FALSE(memory->write().has_value());
}

TEST(WrapFile, refuses_what_has_no_bytes_and_ranges_outside) {
  int released = 0;
  const auto count = [&released] { ++released; };
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  EXPECT_FALSE(wrap_file(UniqueFd(ends[1]), {.release = count}).has_value());
  EXPECT_FALSE(wrap_file(UniqueFd(), {.release = count}).has_value());
  EXPECT_FALSE(wrap_file(file_of(""), {.release = count}).has_value());
  EXPECT_FALSE(wrap_file(file_of("abc"), {.offset = 4, .release = count}).has_value());
  EXPECT_FALSE(wrap_file(file_of("abc"), {.offset = 1, .size = 3, .release = count}).has_value());
  EXPECT_EQ(released, 0);
}

TEST(WrapMemory, calls_back_once_when_the_last_part_is_gone) {
  std::array<std::byte, 64> block{};
  int released = 0;
  Ref<Memory> memory = wrap_memory(block, {.release = [&released] { ++released; }}).take();
  Ref<Memory> part = memory->share(8, 8).take();
  memory = nullptr;
  EXPECT_EQ(released, 0);
  part = nullptr;
  EXPECT_EQ(released, 1);
}

TEST(WrapMemory, refuses_ranges_outside_and_calls_nobody_back) {
  std::array<std::byte, 64> block{};
  int released = 0;
  const auto wrap = [&](size_t offset, std::optional<size_t> size) {
    return wrap_memory(block,
                       {.offset = offset, .size = size, .release = [&released] { ++released; }});
  };
  EXPECT_FALSE(wrap(65, std::nullopt).has_value());
  EXPECT_FALSE(wrap(60, 5).has_value());
  EXPECT_FALSE(wrap(1, SIZE_MAX).has_value());
  EXPECT_FALSE(wrap_memory({}).has_value());
  EXPECT_EQ(released, 0);
  EXPECT_EQ((*wrap(64, std::nullopt))->size(), 0U);
}

TEST(WrapMemory, keeps_the_flags_and_says_how_the_bytes_are_aligned) {
  alignas(64) std::array<std::byte, 128> block{};
  const Ref<Memory> memory =
      wrap_memory(block, {.offset = 16, .flags = {.no_share = true, .user = 5}}).take();
  EXPECT_EQ(memory->align(), 16U);
  EXPECT_EQ(memory->flags().user, 5U);
  EXPECT_EQ(memory->share(0, 1).error().kind, ErrorKind::denied);
  EXPECT_TRUE(memory->is_type("wrapped"));
}

TEST(WrapMemory, takes_no_alignment_that_is_none_or_more_than_the_bytes_have) {
  alignas(64) std::array<std::byte, 128> block{};
  const auto aligned = [&](size_t offset, size_t align) {
    const Result<Ref<Memory>> memory = wrap_memory(block, {.offset = offset, .align = align});
    return memory ? (*memory)->align() : 0;
  };
  EXPECT_EQ(aligned(0, 64), 64U);
  EXPECT_EQ(aligned(16, 8), 8U) << "less may be said";
  EXPECT_EQ(aligned(16, 64), 0U);
  EXPECT_EQ(aligned(1, 2), 0U);
  EXPECT_EQ(aligned(0, 48), 0U);
}

TEST(WrapMemory, of_no_bytes_is_an_empty_memory_where_there_is_an_address) {
  std::array<std::byte, 1> block{};
  EXPECT_EQ((*wrap_memory(std::span(block).first(0)))->maxsize(), 0U);
}

TEST(AllocatorRegistry, replaces_what_has_the_same_name_and_keeps_what_is_in_use_alive) {
  AllocatorRegistry registry;
  ASSERT_TRUE(registry.add({.allocator = std::make_shared<NamedAllocator>("x")}).has_value());
  const std::shared_ptr<Allocator> used = registry.find("x");
  const auto second = std::make_shared<NamedAllocator>("x");
  ASSERT_TRUE(registry.add({.allocator = second}).has_value());
  EXPECT_EQ(registry.find("x"), second);
  EXPECT_EQ(used.use_count(), 1);
  EXPECT_TRUE(used->allocate(64, {}).has_value());
}

TEST(AllocatorRegistry, refuses_what_has_no_name_or_is_none) {
  AllocatorRegistry registry;
  EXPECT_FALSE(registry.add({.allocator = std::make_shared<NamedAllocator>("")}).has_value());
  EXPECT_FALSE(registry.add({}).has_value());
  EXPECT_FALSE(registry.set_default(nullptr).has_value());
  EXPECT_EQ(registry.find(""), nullptr);
  EXPECT_EQ(registry.default_allocator().heap(), "host");
}

TEST(AllocatorRegistry, keeps_each_default_that_ever_was) {
  AllocatorRegistry registry;
  const auto first = std::make_shared<NamedAllocator>("first");
  const auto second = std::make_shared<NamedAllocator>("second");
  for (const auto& allocator : {first, second, first}) {
    ASSERT_TRUE(registry.set_default(allocator).has_value());
  }
  EXPECT_EQ(&registry.default_allocator(), first.get());
  EXPECT_EQ(first.use_count(), 2) << "once for all times";
  EXPECT_EQ(second.use_count(), 2);
  EXPECT_EQ(registry.find("first"), nullptr) << "it was not registered";
}

std::vector<std::string> names_of(const AllocatorSet& heaps) {
  std::vector<std::string> names;
  for (const auto& entry : heaps.entries()) names.emplace_back(entry.allocator->heap());
  return names;
}

TEST(AllocatorRegistry, of_the_process_is_what_pipelines_have) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(&AllocatorRegistry::process(), &AllocatorRegistry::process());
  const auto mine = std::make_shared<NamedAllocator>("mine");
  ASSERT_TRUE(AllocatorRegistry::process().add({.allocator = mine, .largest = 9}).has_value());
  const AllocatorSet heaps = AllocatorSet::standard();
  EXPECT_EQ(names_of(heaps), (Names{"memfd", "host", "mine"}));
  EXPECT_EQ(heaps.find("mine"), mine.get());
  EXPECT_EQ(heaps.entries().back().largest, 9U);
}

TEST(AllocatorSet, has_a_heap_once_however_often_it_is_put_there) {
  using Names = std::vector<std::string>;
  AllocatorSet heaps;
  for (const char* name : {"a", "b", "a"}) {
    heaps.add({.allocator = std::make_shared<NamedAllocator>(name)});
  }
  EXPECT_EQ(names_of(heaps), (Names{"a", "b"}));
  heaps.prefer({.allocator = std::make_shared<NamedAllocator>("b")});
  EXPECT_EQ(names_of(heaps), (Names{"b", "a"}));
}

}  // namespace
}  // namespace millrace
