// SPDX-License-Identifier: MIT
#include "hw/x11/notices.h"

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

using Texts = std::vector<std::string>;
using std::chrono::milliseconds;

constexpr Timestamp start{std::chrono::seconds(1000)};

Notice resized(const std::string& size) {
  return {"now it is " + size, "resized", size};
}

TEST(Notices, tell_the_first_of_many_and_then_one_a_second) {
  Notices notices;
  notices.add(resized("1x1"), start);
  for (int at = 1; at <= 37; ++at) notices.add(resized("2x2"), start + milliseconds(20 * at));
  notices.tell_due(start + milliseconds(999));
  notices.add(resized("3x3"), start + milliseconds(999));
  notices.tell_due(start + milliseconds(1000));
  notices.add(resized("4x4"), start + milliseconds(1100));
  notices.tell_due(start + milliseconds(2100));
  EXPECT_EQ(notices.texts(),
            (Texts{"now it is 1x1", "resized 38 times, now 3x3", "now it is 4x4"}));
}

TEST(Notices, hold_nothing_back_from_a_summary) {
  Notices notices;
  for (const char* size : {"1x1", "2x2", "3x3"}) notices.add(resized(size), start);
  EXPECT_EQ(notices.texts(), (Texts{"now it is 1x1", "resized 2 times, now 3x3"}));
  notices.tell_rest();
  EXPECT_EQ(notices.texts(), (Texts{"now it is 1x1", "resized 2 times, now 3x3"}));
}

TEST(Notices, tell_what_happens_once_after_what_came_before_it) {
  Notices notices;
  notices.add(resized("1x1"), start);
  notices.add(resized("2x2"), start);
  notices.add({}, start);
  notices.add({"it was closed", {}, {}}, start);
  EXPECT_EQ(notices.texts(), (Texts{"now it is 1x1", "now it is 2x2", "it was closed"}));
}

TEST(Notices, keep_so_many_and_count_the_rest) {
  Notices notices;
  for (int at = 0; at < 100; ++at) notices.add(resized("1x1"), start + milliseconds(1000 * at));
  ASSERT_EQ(notices.texts().size(), 65U);
  EXPECT_EQ(notices.texts().back(), "36 more changes are left out here");
}

}  // namespace
}  // namespace millrace::x11
