// SPDX-License-Identifier: MIT
#include "engine/base/check.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(CheckDeathTest, a_broken_promise_names_its_place_and_itself) {
  const int frames = 3;
  EXPECT_DEATH(MILLRACE_CHECK(frames < 3), "check_test\\.cpp:[0-9]+: broken promise: frames < 3");
}

TEST(Check, a_kept_promise_evaluates_its_condition_once) {
  int evaluations = 0;
  MILLRACE_CHECK(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
}

}  // namespace
}  // namespace millrace
