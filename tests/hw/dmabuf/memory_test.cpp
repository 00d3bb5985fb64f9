// SPDX-License-Identifier: MIT
#include "hw/dmabuf/memory.h"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>

#include <gtest/gtest.h>

#include "engine/memory/memfd_allocator.h"

namespace millrace::dmabuf {
namespace {

// A memfd maps as a dma-buf does but knows no DMA_BUF_IOCTL_SYNC: it stands for an exporter that
// refuses CPU access. A real dma-buf is tested by udmabuf_allocator_test.cpp where there is one.

constexpr size_t page = 4096;

TEST(ImportMemory, keeps_range_file_and_identity) {
  UniqueFd file = create_sealed_memfd(2 * page).take();
  const int number = file.get();
  const FileIdentity identity = *identify(number);
  const Ref<Memory> memory =
      import_memory(std::move(file), {.maxsize = 2 * page, .offset = 64, .size = page}).take();
  EXPECT_EQ(memory->kind(), MemoryKind::dmabuf);
  EXPECT_EQ(memory->fd(), number);
  EXPECT_EQ(memory->identity(), identity);
  EXPECT_EQ(memory->maxsize(), 2 * page);
  EXPECT_EQ(memory->offset(), 64U);
  EXPECT_EQ(memory->size(), page);
}

TEST(ImportMemory, refuses_a_range_outside_the_dma_buf) {
  for (const MemoryRange& range : {MemoryRange{.maxsize = page, .offset = 1, .size = page},
                                   MemoryRange{.maxsize = page, .offset = SIZE_MAX, .size = 2}}) {
    UniqueFd file = create_sealed_memfd(page).take();
    EXPECT_FALSE(import_memory(std::move(file), range).has_value());
  }
}

TEST(ImportMemory, refuses_what_cannot_be_mapped) {
  const Result<Ref<Memory>> memory = import_memory(UniqueFd(), {.maxsize = page, .size = page});
  ASSERT_FALSE(memory.has_value());
  EXPECT_EQ(memory.error().code, EBADF);
}

TEST(ImportMemory, is_read_only_where_the_exporter_lets_nobody_write) {
  const UniqueFd file = create_sealed_memfd(page).take();
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  UniqueFd reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const Ref<Memory> memory =
      import_memory(std::move(reader), {.maxsize = page, .size = page}).take();
  EXPECT_TRUE(memory->flags().read_only);
  EXPECT_EQ(memory->write().error().kind, ErrorKind::denied);
}

TEST(ImportMemory, keeps_the_flags_that_are_known_of_it) {
  const Ref<Memory> memory =
      import_memory(create_sealed_memfd(page).take(),
                    {.maxsize = page, .size = page, .flags = {.no_share = true, .user = 3}})
          .take();
  EXPECT_EQ(memory->flags(), (MemoryFlags{.no_share = true, .user = 3}));
  EXPECT_FALSE(memory->share(0, 1).has_value());
}

TEST(ImportMemory, opens_no_view_when_the_exporter_refuses_cpu_access) {
  UniqueFd file = create_sealed_memfd(page).take();
  const Ref<Memory> memory = import_memory(std::move(file), {.maxsize = page, .size = page}).take();
  EXPECT_EQ(memory->read().error().code, ENOTTY);
  EXPECT_EQ(memory->write().error().code, ENOTTY);
  EXPECT_EQ(memory->share(0, 1).take()->read().error().code, ENOTTY);
  EXPECT_EQ(memory->references(), 1U);
}

}  // namespace
}  // namespace millrace::dmabuf
