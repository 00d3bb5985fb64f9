// SPDX-License-Identifier: MIT
#include "hw/dmabuf/memory.h"

#include <cerrno>
#include <utility>

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

TEST(ImportMemory, opens_no_view_when_the_exporter_refuses_cpu_access) {
  UniqueFd file = create_sealed_memfd(page).take();
  const Ref<Memory> memory = import_memory(std::move(file), {.maxsize = page, .size = page}).take();
  EXPECT_FALSE(memory->read().has_value());
  EXPECT_FALSE(memory->write().has_value());
}

}  // namespace
}  // namespace millrace::dmabuf
