// SPDX-License-Identifier: MIT
#include "engine/base/mapping.h"

#include <cerrno>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/base/unique_fd.h"

namespace millrace {
namespace {

constexpr size_t page = 4096;

UniqueFd file_of(size_t size) {
  UniqueFd fd(::memfd_create("mapping-test", MFD_CLOEXEC));
  EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(size)), 0);
  return fd;
}

TEST(Mapping, shares_what_is_written_with_other_mappings_of_the_file) {
  const UniqueFd fd = file_of(page);
  const Mapping writer = Mapping::create(fd.get(), page, Mapping::Access::read_write).take();
  const Mapping reader = Mapping::create(fd.get(), page, Mapping::Access::read).take();
  writer.data()[17] = std::byte{42};
  EXPECT_EQ(reader.data()[17], std::byte{42});
}

TEST(Mapping, outlives_the_file_descriptor) {
  UniqueFd fd = file_of(page);
  const Mapping mapping = Mapping::create(fd.get(), page, Mapping::Access::read_write).take();
  fd.reset();
  mapping.data()[0] = std::byte{1};
  EXPECT_EQ(mapping.data()[0], std::byte{1});
}

TEST(Mapping, a_moved_from_mapping_is_empty) {
  const UniqueFd fd = file_of(page);
  Mapping first = Mapping::create(fd.get(), page, Mapping::Access::read).take();
  const Mapping second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_TRUE(second);
  EXPECT_EQ(second.size(), page);
}

TEST(Mapping, refuses_a_bad_descriptor_with_its_number_and_errno) {
  const Result<Mapping> mapping = Mapping::create(-1, page, Mapping::Access::read);
  ASSERT_FALSE(mapping.has_value());
  EXPECT_EQ(mapping.error().code, EBADF);
  EXPECT_NE(mapping.error().what.find("map 4096 bytes of fd -1"), std::string::npos);
}

TEST(Mapping, refuses_an_empty_range) {
  const UniqueFd fd = file_of(page);
  const Result<Mapping> mapping = Mapping::create(fd.get(), 0, Mapping::Access::read);
  ASSERT_FALSE(mapping.has_value());
  EXPECT_EQ(mapping.error().code, EINVAL);
}

}  // namespace
}  // namespace millrace
