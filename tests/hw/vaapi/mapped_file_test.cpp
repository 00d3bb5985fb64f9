// SPDX-License-Identifier: MIT
#include "hw/vaapi/mapped_file.h"

#include <memory>
#include <span>

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>

#include <gtest/gtest.h>

#include "engine/base/mapping.h"
#include "engine/memory/memfd_allocator.h"

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define MILLRACE_TEST_SANITIZED 1
#endif
#endif

namespace millrace::vaapi {
namespace {

constexpr const char* line =
    "7f2c4a000000-7f2c4a0e1000 rw-s 00001000 e2:80 2053                       /dev/dri/renderD128";

TEST(MappedFile, is_read_from_a_line_with_its_extent_and_its_rights) {
  const auto range = read_mapped_range(line);
  ASSERT_TRUE(range);
  EXPECT_EQ(range->file.device, makedev(0xe2, 0x80));
  EXPECT_EQ(range->file.inode, 2053U);
  EXPECT_EQ(range->first, 0x7f2c4a000000U);
  EXPECT_EQ(range->end, 0x7f2c4a0e1000U);
  EXPECT_EQ(range->offset, 0x1000U);
  EXPECT_TRUE(range->of_device);
  EXPECT_TRUE(range->readable);
  EXPECT_TRUE(range->writable);
}

TEST(MappedFile, is_none_in_a_line_that_is_no_mapping) {
  for (const char* broken :
       {"", "7f2c", "7f2c4a000000-", "7f2c4a000000-7f2c4a0e1000 rw-s",
        "7f2c4a000000-7f2c4a0e1000  0 e2:80 2053 x", "7f2c4a000000-7f2c4a0e1000 rw-s 0 e2 2053 x",
        "ffffffffffffffffff-0 "}) {
    EXPECT_FALSE(read_mapped_range(broken)) << broken;
  }
}

TEST(MappedExtent, is_all_of_a_mapping_and_no_byte_more) {
  constexpr size_t page = 4096;
  const Result<UniqueFd> fd = create_sealed_memfd(3 * page);
  ASSERT_TRUE(fd);
  const Result<Mapping> mapping = Mapping::create(fd->get(), 3 * page, Mapping::Access::read_write);
  ASSERT_TRUE(mapping);
  const std::span<const std::byte> bytes(mapping->data(), 3 * page);
  EXPECT_TRUE(check_mapped(bytes, Access::write));
  ASSERT_EQ(::mprotect(mapping->data() + page, page, PROT_READ), 0);
  EXPECT_TRUE(check_mapped(bytes, Access::read));
  const Result<> part = check_mapped(bytes, Access::write);
  ASSERT_FALSE(part);
  EXPECT_NE(part.error().what.find("of 12288 bytes that the driver says it has mapped, 4096 can"),
            std::string::npos)
      << part.error().what;
  EXPECT_FALSE(check_mapped({static_cast<const std::byte*>(nullptr), page}, Access::read));
}

TEST(MappedFile, is_found_behind_mapped_memory) {
  const Result<UniqueFd> fd = create_sealed_memfd(4096);
  ASSERT_TRUE(fd);
  const Result<Mapping> mapping = Mapping::create(fd->get(), 4096, Mapping::Access::read_write);
  ASSERT_TRUE(mapping);
  const Result<FileBehind> found = file_mapped_at(mapping->data() + 100);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->identity, *identify(fd->get()));
  EXPECT_FALSE(found->of_device);
}

TEST(MappedFile, is_not_said_to_be_missing_where_nobody_could_look) {
#ifdef MILLRACE_TEST_SANITIZED
  GTEST_SKIP() << "the sanitizer needs descriptors of its own to look at an object's type";
#endif
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const Result<FileBehind> found = file_mapped_at(&before);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().what.find("/proc/self/maps"), std::string::npos) << found.error().what;
  EXPECT_EQ(found.error().code, EMFILE);
}

TEST(MappedFile, is_not_invented_for_memory_without_one) {
  const auto plain = std::make_unique<int>(0);
  const Result<FileBehind> found = file_mapped_at(plain.get());
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().what.find("no file"), std::string::npos);
}

}  // namespace
}  // namespace millrace::vaapi
