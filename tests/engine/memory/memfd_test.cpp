// SPDX-License-Identifier: MIT
#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/base/mapping.h"
#include "engine/memory/memfd_allocator.h"

namespace millrace {
namespace {

size_t page() {
  return static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(SealedMemfd, can_neither_shrink_nor_grow_and_stays_writable) {
  const UniqueFd fd = create_sealed_memfd(page()).take();
  EXPECT_NE(::ftruncate(fd.get(), 0), 0);
  EXPECT_EQ(errno, EPERM);
  EXPECT_NE(::ftruncate(fd.get(), static_cast<off_t>(2 * page())), 0);
  const int seals = ::fcntl(fd.get(), F_GET_SEALS);
  EXPECT_EQ(seals & (F_SEAL_SHRINK | F_SEAL_WRITE), F_SEAL_SHRINK);
}

TEST(SealedMemfd, is_not_inherited_by_other_programs) {
  const UniqueFd fd = create_sealed_memfd(page()).take();
  EXPECT_NE(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(SealedMemfd, refuses_a_size_that_no_file_can_have) {
  const Result<UniqueFd> fd = create_sealed_memfd(SIZE_MAX & ~(page() - 1));
  ASSERT_FALSE(fd.has_value());
  EXPECT_FALSE(fd.error().remedy.empty());
}

TEST(WholePages, rounds_up_and_refuses_to_wrap) {
  EXPECT_EQ(*whole_pages(1), page());
  EXPECT_EQ(*whole_pages(page()), page());
  EXPECT_EQ(*whole_pages(page() + 1), 2 * page());
  EXPECT_FALSE(whole_pages(SIZE_MAX).has_value());
}

TEST(PlaceInPages, puts_the_visible_bytes_behind_the_aligned_prefix) {
  const PagePlacement place =
      place_in_pages(page(), {.align = 256, .prefix = 300, .padding = 10}).take();
  EXPECT_EQ(place.offset, 512U);
  EXPECT_EQ(place.total, 2 * page());
}

TEST(PlaceInPages, refuses_to_promise_more_than_a_page_of_alignment) {
  EXPECT_TRUE(place_in_pages(1, {.align = page()}).has_value());
  EXPECT_FALSE(place_in_pages(1, {.align = 2 * page()}).has_value());
}

TEST(MemfdAllocator, lets_another_mapping_of_the_file_see_the_bytes_at_the_offset) {
  MemfdAllocator allocator;
  const Ref<Memory> memory = allocator.allocate(1000, {.align = 64, .prefix = 100}).take();
  memory->write().take().bytes()[5] = std::byte{99};
  const Mapping other =
      Mapping::create(memory->fd(), memory->maxsize(), Mapping::Access::read).take();
  EXPECT_EQ(other.data()[memory->offset() + 5], std::byte{99});
}

TEST(MemfdAllocator, takes_its_identity_from_the_file) {
  MemfdAllocator allocator;
  const Ref<Memory> memory = allocator.allocate(1000, {}).take();
  EXPECT_EQ(memory->identity(), *identify(memory->fd()));
}

}  // namespace
}  // namespace millrace
