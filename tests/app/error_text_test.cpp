// SPDX-License-Identifier: MIT
#include "app/error_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace millrace::app {
namespace {

TEST(ErrorText, is_one_line_of_id_what_and_remedy) {
  const Error error{ErrorKind::usage, "unknown option --sise", "did you mean --size?", 0};

  EXPECT_EQ(error_text(error), "error[E0002]: unknown option --sise. Did you mean --size?");
}

TEST(ErrorText, leaves_a_command_that_begins_the_remedy_as_it_is_typed) {
  EXPECT_EQ(error_text({ErrorKind::usage, "no such word", "millrace -h shows them", 0}),
            "error[E0002]: no such word. millrace -h shows them.");
}

TEST(ErrorText, ends_sentences_once_and_keeps_to_one_line) {
  EXPECT_EQ(error_text({ErrorKind::output_failed, "write x: no space.", "Free some.", 28}),
            "error[E0007]: write x: no space. Free some.");
  EXPECT_EQ(error_text({ErrorKind::internal, "two\nlines\n", "", 0}), "error[E0001]: two lines");
}

TEST(ErrorText, has_a_stable_id_for_each_kind) {
  EXPECT_EQ(error_id(ErrorKind::internal), "E0001");
  EXPECT_EQ(error_id(ErrorKind::usage), "E0002");
  EXPECT_EQ(error_id(ErrorKind::unavailable), "E0003");
  EXPECT_EQ(error_id(ErrorKind::denied), "E0004");
  EXPECT_EQ(error_id(ErrorKind::cancelled), "E0005");
  EXPECT_EQ(error_id(ErrorKind::source_lost), "E0006");
  EXPECT_EQ(error_id(ErrorKind::output_failed), "E0007");
  EXPECT_EQ(error_id(ErrorKind::expectation), "E0008");
  EXPECT_EQ(error_id(ErrorKind::timeout), "E0009");
}

TEST(ErrorText, is_json_that_parses_whatever_bytes_it_holds) {
  const auto json =
      nlohmann::json::parse(error_json({ErrorKind::unavailable, "open \"\xff\n\"", "try \\", 2}));

  EXPECT_EQ(json.at("id"), "E0003");
  EXPECT_EQ(json.at("exit"), 3);
  EXPECT_EQ(json.at("remedy"), "try \\");
}

}  // namespace
}  // namespace millrace::app
