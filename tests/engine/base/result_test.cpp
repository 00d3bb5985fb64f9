// SPDX-License-Identifier: MIT
#include "engine/base/result.h"

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace millrace {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) {
    return fail(ErrorKind::usage, "halve " + std::to_string(number), "Use an even number.", 7);
  }
  return number / 2;
}

Result<int> quarter(int number, int& steps) {
  const int once = MILLRACE_TRY(half(number));
  ++steps;
  return MILLRACE_TRY(half(once));
}

TEST(Result, try_passes_values_on) {
  int steps = 0;
  const Result<int> result = quarter(12, steps);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(*result, 3);
}

TEST(Result, try_returns_the_first_error_whole_and_at_once) {
  int steps = 0;
  const Result<int> result = quarter(5, steps);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  EXPECT_EQ(result.error().what, "halve 5");
  EXPECT_EQ(result.error().remedy, "Use an even number.");
  EXPECT_EQ(result.error().code, 7);
  EXPECT_EQ(steps, 0);
}

Result<> check_even(int number) {
  MILLRACE_TRY(half(number));
  return {};
}

TEST(Result, of_nothing_is_success_or_an_error) {
  EXPECT_TRUE(check_even(4).has_value());
  EXPECT_FALSE(check_even(3).has_value());
}

Result<std::unique_ptr<int>> boxed(int number) {
  return std::make_unique<int>(number);
}

Result<std::unique_ptr<int>> passed_through(int number) {
  std::unique_ptr<int> box = MILLRACE_TRY(boxed(number));
  return box;
}

TEST(Result, carries_what_can_only_be_moved) {
  Result<std::unique_ptr<int>> result = passed_through(9);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(*result.take(), 9);
}

TEST(Error, while_doing_puts_the_act_in_front_and_keeps_the_rest) {
  const Error inner{ErrorKind::denied, "open encoder", "Join the group video.", 13};
  const Error outer = inner.while_doing("record x.mkv");
  EXPECT_EQ(outer.what, "record x.mkv: open encoder");
  EXPECT_EQ(outer.kind, ErrorKind::denied);
  EXPECT_EQ(outer.remedy, "Join the group video.");
  EXPECT_EQ(outer.code, 13);
}

ErrorKind kind_of(int errno_value) {
  return Result<>(fail_errno("open", errno_value)).error().kind;
}

TEST(FailErrno, tells_absent_from_denied_from_late) {
  EXPECT_EQ(kind_of(ENOENT), ErrorKind::unavailable);
  EXPECT_EQ(kind_of(ENODEV), ErrorKind::unavailable);
  EXPECT_EQ(kind_of(ENXIO), ErrorKind::unavailable);
  EXPECT_EQ(kind_of(EACCES), ErrorKind::denied);
  EXPECT_EQ(kind_of(EPERM), ErrorKind::denied);
  EXPECT_EQ(kind_of(ETIMEDOUT), ErrorKind::timeout);
  EXPECT_EQ(kind_of(EINVAL), ErrorKind::internal);
}

TEST(FailErrno, appends_the_kernels_words_and_keeps_the_number) {
  const Result<> result = fail_errno("open /dev/dri/card0", ENOENT, "Plug it in.");
  EXPECT_EQ(result.error().what, "open /dev/dri/card0: No such file or directory");
  EXPECT_EQ(result.error().code, ENOENT);
  EXPECT_EQ(result.error().remedy, "Plug it in.");
}

TEST(ResultDeathTest, taking_a_value_that_is_not_there_is_a_broken_promise) {
  Result<int> none = fail(ErrorKind::usage, "no");
  EXPECT_DEATH(static_cast<void>(none.take()), "broken promise: this->has_value");
}

}  // namespace
}  // namespace millrace
