// SPDX-License-Identifier: MIT
#include "hw/x11/printable.h"

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

TEST(Printable, leaves_text_of_any_language_as_it_is) {
  EXPECT_EQ(printable("HDMI-1 \u00fc \u6c34 \U0001f30a"), "HDMI-1 \u00fc \u6c34 \U0001f30a");
}

TEST(Printable, has_nothing_that_a_terminal_obeys) {
  EXPECT_EQ(printable("a\x1b[31m\n\x7f"), "a [31m  ");
  EXPECT_EQ(printable("\u0080-\u009b-\u009f-\u00a0"), " - - -\u00a0");
}

TEST(Printable, does_not_turn_the_direction_of_writing) {
  EXPECT_EQ(printable("\u202a\u202e.\u2066\u2069."), "  .  .");
}

TEST(Printable, shows_bytes_that_are_no_text_as_such) {
  EXPECT_EQ(printable("\x9b-\xff-\xc3"), "?-?-?");
  EXPECT_EQ(printable("\xc0\x9b \xe0\x82\x9b \xed\xa0\x80"), "?? ??? ???");
}

TEST(Printable, is_cut_between_characters) {
  EXPECT_EQ(printable("12345678", 4), "1234");
  EXPECT_EQ(printable("123\u00fc", 4), "123");
}

}  // namespace
}  // namespace millrace::x11
