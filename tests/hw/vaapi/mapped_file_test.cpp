// SPDX-License-Identifier: MIT
#include "hw/vaapi/mapped_file.h"

#include <memory>

#include <sys/sysmacros.h>

#include <gtest/gtest.h>

#include "engine/base/mapping.h"
#include "engine/memory/memfd_allocator.h"

namespace millrace::vaapi {
namespace {

constexpr const char* line =
    "7f2c4a000000-7f2c4a0e1000 rw-s 00001000 e2:80 2053                       /dev/dri/renderD128";

TEST(MappedFile, is_read_from_the_line_that_covers_the_address) {
  const auto file = file_in_line(line, 0x7f2c4a000000);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->device, makedev(0xe2, 0x80));
  EXPECT_EQ(file->inode, 2053U);
  EXPECT_TRUE(file_in_line(line, 0x7f2c4a0e0fff));
  EXPECT_FALSE(file_in_line(line, 0x7f2c4a0e1000));
  EXPECT_FALSE(file_in_line(line, 0x7f2c49ffffff));
}

TEST(MappedFile, is_none_in_a_line_that_is_no_mapping) {
  for (const char* broken :
       {"", "7f2c", "7f2c4a000000-", "7f2c4a000000-7f2c4a0e1000 rw-s",
        "7f2c4a000000-7f2c4a0e1000 rw-s 0 e2 2053 x", "ffffffffffffffffff-0 "}) {
    EXPECT_FALSE(file_in_line(broken, 0x7f2c4a000000)) << broken;
  }
}

TEST(MappedFile, is_found_behind_mapped_memory) {
  const Result<UniqueFd> fd = create_sealed_memfd(4096);
  ASSERT_TRUE(fd);
  const Result<Mapping> mapping = Mapping::create(fd->get(), 4096, Mapping::Access::read_write);
  ASSERT_TRUE(mapping);
  const Result<FileIdentity> found = file_mapped_at(mapping->data() + 100);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(*found, *identify(fd->get()));
}

TEST(MappedFile, is_not_invented_for_memory_without_one) {
  const auto plain = std::make_unique<int>(0);
  const Result<FileIdentity> found = file_mapped_at(plain.get());
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().what.find("no file"), std::string::npos);
}

}  // namespace
}  // namespace millrace::vaapi
