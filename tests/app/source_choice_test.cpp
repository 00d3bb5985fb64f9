// SPDX-License-Identifier: MIT
#include "app/source_choice.h"

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

std::string kind_in(const Values& values) {
  const Value* const kind = values.find("source.kind");
  return kind ? kind->text : "";
}

TEST(SourceChoice, is_test_bars_where_there_is_no_display_and_says_so) {
  Values values = Values::built_in();

  const auto because = value_of(choose_source(values, {}));

  EXPECT_EQ(kind_in(values), "test");
  EXPECT_EQ(values.find("source.kind")->origin, "auto");
  ASSERT_TRUE(because);
  EXPECT_NE(because->find("DISPLAY is not set"), std::string::npos) << *because;
}

TEST(SourceChoice, is_the_desktop_of_a_display_that_is_set_whether_it_answers_or_not) {
  Values values = Values::built_in();

  const auto because =
      value_of(choose_source(values, {.display = ":9999", .wayland = "wayland-0"}));

  EXPECT_EQ(kind_in(values), "x11");
  ASSERT_TRUE(because);
  EXPECT_NE(because->find(":9999"), std::string::npos) << *because;
}

TEST(SourceChoice, refuses_a_wayland_session_rather_than_record_black) {
  Values values = Values::built_in();

  const Error error = error_of(choose_source(values, {.wayland = "wayland-0"}));

  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.what.find("wayland-0"), std::string::npos);
  EXPECT_NE(error.what.find("X clients only"), std::string::npos);
  EXPECT_NE(error.remedy.find("-s x11:"), std::string::npos);
}

TEST(SourceChoice, leaves_what_the_user_chose) {
  Values values = Values::built_in();
  ASSERT_TRUE(values.set("source", {"x11:", "--source", {}}));

  EXPECT_FALSE(value_of(choose_source(values, {.wayland = "wayland-0"})));

  EXPECT_EQ(kind_in(values), "x11");
}

}  // namespace
}  // namespace millrace::app
