// SPDX-License-Identifier: MIT
#include "engine/base/unique_fd.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>

#include <gtest/gtest.h>

namespace millrace {
namespace {

UniqueFd some_file() {
  return UniqueFd(::memfd_create("unique-fd-test", MFD_CLOEXEC));
}

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(UniqueFd, closes_when_it_dies) {
  int number = -1;
  {
    const UniqueFd fd = some_file();
    number = fd.get();
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, a_move_hands_the_descriptor_over) {
  UniqueFd first = some_file();
  const int number = first.get();
  const UniqueFd second = std::move(first);
  EXPECT_EQ(second.get(), number);
  EXPECT_FALSE(first);
  EXPECT_TRUE(is_open(number));
}

TEST(UniqueFd, assignment_closes_what_it_held) {
  UniqueFd first = some_file();
  const int old = first.get();
  UniqueFd second = some_file();
  const int kept = second.get();
  first = std::move(second);
  EXPECT_FALSE(is_open(old));
  EXPECT_EQ(first.get(), kept);
}

TEST(UniqueFd, reset_to_its_own_number_keeps_it_open) {
  UniqueFd fd = some_file();
  fd.reset(fd.get());
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(UniqueFd, release_leaves_the_descriptor_to_the_caller) {
  UniqueFd fd = some_file();
  const UniqueFd taken(fd.release());
  EXPECT_FALSE(fd);
  EXPECT_TRUE(is_open(taken.get()));
}

TEST(UniqueFd, a_duplicate_is_the_same_file_and_closes_on_exec) {
  const UniqueFd fd = some_file();
  const UniqueFd copy = fd.duplicate().take();
  EXPECT_NE(copy.get(), fd.get());
  EXPECT_EQ(*identify(copy.get()), *identify(fd.get()));
  EXPECT_NE(::fcntl(copy.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(UniqueFd, nothing_cannot_be_duplicated) {
  const Result<UniqueFd> copy = UniqueFd().duplicate();
  ASSERT_FALSE(copy.has_value());
  EXPECT_EQ(copy.error().code, EBADF);
}

TEST(Identify, tells_two_files_apart) {
  const UniqueFd first = some_file();
  const UniqueFd second = some_file();
  EXPECT_NE(*identify(first.get()), *identify(second.get()));
}

TEST(Identify, names_a_bad_descriptor) {
  const Result<FileIdentity> identity = identify(-1);
  ASSERT_FALSE(identity.has_value());
  EXPECT_NE(identity.error().what.find("-1"), std::string::npos);
}

}  // namespace
}  // namespace millrace
