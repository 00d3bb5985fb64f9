// SPDX-License-Identifier: MIT
#include "app/config.h"

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

Error error_in(const std::string& text) {
  Values values = Values::built_in();
  return error_of(parse_config(text, "x.toml", "", values));
}

Values values_of(const std::string& text) {
  Values values = Values::built_in();
  const Result<> parsed = parse_config(text, "x.toml", "", values);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().what);
  return values;
}

std::string text_at(const Values& values, const char* path) {
  const Value* value = values.find(path);
  return value ? value->text : "(not set)";
}

TEST(Config, reads_the_short_form) {
  const Values values = values_of("source = \"test:bars;stride=322\"\noutput = \"a.mkv\"\n");

  EXPECT_EQ(text_at(values, "source.kind"), "test");
  EXPECT_EQ(text_at(values, "source.id"), "bars");
  EXPECT_EQ(text_at(values, "source.stride"), "322");
  EXPECT_EQ(text_at(values, "output.path"), "a.mkv");
}

TEST(Config, reads_the_full_form_with_native_types) {
  const Values values = values_of(
      "schema = 1\n"
      "source = { kind = \"test\", id = \"bars\", size = \"640x360\", fps = 59.94, realtime = true "
      "}\n"
      "[encode]\nqp = 22\nbitrate = 128000\nkeyint = \"2s\"\n"
      "[expect]\nmax_copies = 0\n");

  EXPECT_EQ(text_at(values, "source.size"), "640x360");
  EXPECT_EQ(text_at(values, "source.fps"), "59.94");
  EXPECT_EQ(text_at(values, "source.realtime"), "true");
  EXPECT_EQ(text_at(values, "encode.qp"), "22");
  EXPECT_EQ(text_at(values, "encode.bitrate"), "128000");
  EXPECT_EQ(text_at(values, "expect.max_copies"), "0");
}

TEST(Config, remembers_where_each_value_stands) {
  const Values values = values_of("\n[source]\n  size = \"640x360\"\n");

  EXPECT_EQ(values.find("source.size")->origin, "x.toml:3:10");
  EXPECT_EQ(values.find("source.fps")->origin, "built-in");
}

TEST(Config, names_line_and_column_of_an_unknown_key_and_the_nearest) {
  const Error error = error_in("[source]\n  sise = \"640x360\"\n");

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.what, "x.toml:2:3: unknown key source.sise");
  EXPECT_EQ(error.remedy, "did you mean source.size?");
}

TEST(Config, offers_the_full_key_for_one_that_stands_outside_its_table) {
  const Error error = error_in("size = \"0x0\"\n");

  EXPECT_EQ(error.what, "x.toml:1:1: unknown key size");
  EXPECT_EQ(error.remedy, "did you mean source.size?");
  EXPECT_EQ(error_in("[encode]\nsize = \"64x64\"\n").remedy, "did you mean source.size?");
}

TEST(Config, says_what_is_wrong_with_a_rate_that_toml_writes_with_an_exponent) {
  const Error error = error_in("[source]\nfps = 1e-12\n");

  EXPECT_HAS(error.what, "x.toml:2:7: source.fps: \"1e-12\"");
  EXPECT_HAS(error.what, "it is too small; rates are 1/1000 to 1000 frames a second");
}

TEST(Config, names_line_and_column_of_an_unknown_table) {
  EXPECT_EQ(error_in("schema = 1\n[sauce]\nsize = \"1x1\"\n").what,
            "x.toml:2:2: unknown key sauce");
  EXPECT_EQ(error_in("colour = 1\n").what, "x.toml:1:1: unknown key colour");
}

TEST(Config, names_line_and_column_of_a_value_of_the_wrong_type) {
  const Error error = error_in("[encode]\nqp = \"22\"\n");
  EXPECT_EQ(error.what, "x.toml:2:6: encode.qp is a string");
  EXPECT_EQ(error.remedy, "give it an integer");

  EXPECT_EQ(error_in("source = 5\n").what, "x.toml:1:10: source is an integer");
  EXPECT_EQ(error_in("source.size = 5\n").what, "x.toml:1:15: source.size is an integer");
  EXPECT_EQ(error_in("expect = 5\n").what, "x.toml:1:10: expect is an integer");
  EXPECT_EQ(error_in("[source]\nrealtime = \"true\"\n").what,
            "x.toml:2:12: source.realtime is a string");
  EXPECT_EQ(error_in("[output]\npath = [\"a\"]\n").what, "x.toml:2:8: output.path is an array");
  EXPECT_EQ(error_in("[length]\nduration = 10:00:00\n").what,
            "x.toml:2:12: length.duration is a date or time");
}

TEST(Config, names_line_and_column_of_a_value_out_of_range) {
  const Error error = error_in("[encode]\nqp = 99\n");

  EXPECT_HAS(error.what, "x.toml:2:6: encode.qp: ");
  EXPECT_HAS(error.remedy, "from 1 to 51");
}

TEST(Config, names_line_and_column_of_broken_toml) {
  const Error error = error_in("[encode]\nqp = = 3\n");

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_HAS(error.what, "x.toml:2:");
}

TEST(Config, refuses_another_schema) {
  EXPECT_HAS(error_in("schema = 2\n").what, "x.toml:1:10: schema is not 1");
  EXPECT_HAS(error_in("schema = \"1\"\n").what, "schema is not 1");
}

TEST(Config, survives_deep_nesting_and_bytes_that_are_no_text) {
  EXPECT_EQ(error_in("a = " + std::string(100'000, '[')).kind, ErrorKind::usage);
  EXPECT_EQ(error_in(std::string("\xff\xfe\x00\x01", 4)).kind, ErrorKind::usage);
}

TEST(Config, says_why_a_file_cannot_be_read) {
  Values values = Values::built_in();

  EXPECT_EQ(error_of(load_config("/nowhere/x.toml", values)).kind, ErrorKind::unavailable);
  EXPECT_HAS(error_of(load_config("/nowhere/x.toml", values)).what, "/nowhere/x.toml");
  EXPECT_HAS(error_of(load_config("/", values)).what, "it is a folder");
  EXPECT_HAS(error_of(load_config("/dev/zero", values)).what, "longer than 1 MiB");
}

}  // namespace
}  // namespace millrace::app
