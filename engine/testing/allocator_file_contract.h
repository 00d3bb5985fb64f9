// SPDX-License-Identifier: MIT
// The part of the allocator contract that importers and the zero-copy proof stand on: the file
// behind a block is the one that is named, its bytes are the block's, and all of it is given back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include <unistd.h>

#include "engine/base/mapping.h"
#include "engine/testing/allocator_fixture.h"

namespace millrace::test {

/// Bytes of addresses that this process has in use, for files and without.
inline size_t mapped_bytes() {
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

inline size_t open_descriptors() {
  using Entries = std::filesystem::directory_iterator;
  return static_cast<size_t>(std::distance(Entries("/proc/self/fd"), Entries()));
}

/// Numbers them, so that no byte looks like its neighbour's, and few are zero.
inline void number(std::span<std::byte> bytes) {
  uint8_t next = 0;
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(++next);
}

TEST_P(AllocatorContract, names_the_file_that_its_descriptor_is_of) {
  const Ref<Memory> memory = allocate(100'000);
  if (memory->fd() < 0) return;
  const Result<FileIdentity> file = identify(memory->fd());
  ASSERT_TRUE(file.has_value()) << file.error().what;
  EXPECT_EQ(memory->identity(), *file);
}

TEST_P(AllocatorContract, shows_the_same_bytes_through_its_descriptor) {
  const Ref<Memory> memory = allocate(100'000, {.prefix = 300});
  if (memory->fd() < 0) return;
  number(given(memory->write()).bytes());
  ASSERT_GE(::lseek(memory->fd(), 0, SEEK_END), static_cast<off_t>(memory->maxsize()));
  const Result<Mapping> file =
      Mapping::create(memory->fd(), memory->maxsize(), Mapping::Access::read);
  if (!file && memory->kind() == MemoryKind::dmabuf) GTEST_SKIP() << file.error().what;
  ASSERT_TRUE(file.has_value()) << file.error().what;
  const ReadView view = given(memory->read());  // a device's caches are in order while it is open
  const std::span seen(file->data() + memory->offset(), memory->size());
  EXPECT_TRUE(std::ranges::equal(view.bytes(), seen));
}

// One block that stays mapped or open costs little. What is kept for later stays below half of all
// that was taken.
TEST_P(AllocatorContract, gives_back_what_it_took) {
  constexpr size_t size = size_t{4} << 20;
  constexpr size_t blocks = 256;
  allocate(size);  // what is made once and stays is made now
  const size_t mapped = mapped_bytes();
  const size_t open = open_descriptors();
  for (size_t block = 0; block < blocks; ++block) ASSERT_TRUE(allocate(size));
  EXPECT_LT(mapped_bytes(), mapped + blocks / 2 * size);
  EXPECT_LT(open_descriptors(), open + blocks / 2);
}

}  // namespace millrace::test
