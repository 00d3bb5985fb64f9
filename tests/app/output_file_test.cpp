// SPDX-License-Identifier: MIT
#include "app/output_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"
#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

std::tm new_year() {
  std::tm when{};
  when.tm_year = 124;
  when.tm_mday = 1;
  when.tm_hour = 13;
  when.tm_min = 5;
  when.tm_sec = 9;
  return when;
}

const SourceSettings bars;

TEST(OutputFile, fills_in_date_and_time) {
  EXPECT_EQ(value_of(expand_path("millrace-%Y%m%d-%H%M%S.mkv", new_year())),
            "millrace-20240101-130509.mkv");
  EXPECT_EQ(value_of(expand_path("100%%.mkv", new_year())), "100%.mkv");
  EXPECT_EQ(value_of(expand_path("plain.mkv", new_year())), "plain.mkv");
}

TEST(OutputFile, refuses_fields_that_are_no_part_of_a_name) {
  for (const char* pattern : {"a%n.mkv", "a%D.mkv", "a%", "a%c", "a%Q", "%Ey"}) {
    EXPECT_EQ(error_of(expand_path(pattern, new_year())).kind, ErrorKind::usage) << pattern;
  }
}

TEST(OutputFile, leaves_an_existing_file_alone_unless_told_otherwise) {
  const ScratchFolder folder;
  const std::string file = folder.write("a.mkv", "x");

  EXPECT_EQ(error_of(may_replace(file, Overwrite::never, bars, {})).kind, ErrorKind::usage);
  EXPECT_HAS(error_of(may_replace(file, Overwrite::never, bars, {})).remedy, "--overwrite always");
  EXPECT_TRUE(value_of(may_replace(file, Overwrite::always, bars, {})));
  EXPECT_FALSE(value_of(may_replace(folder.file("new.mkv"), Overwrite::never, bars, {})));
}

TEST(OutputFile, asks_only_where_somebody_can_answer) {
  const ScratchFolder folder;
  const std::string file = folder.write("a.mkv", "x");

  EXPECT_HAS(error_of(may_replace(file, Overwrite::ask, bars, {})).what, "no terminal to ask on");
  const auto yes = [](const std::string&) { return true; };
  const auto no = [](const std::string&) { return false; };
  EXPECT_TRUE(value_of(may_replace(file, Overwrite::ask, bars, yes)));
  EXPECT_EQ(error_of(may_replace(file, Overwrite::ask, bars, no)).kind, ErrorKind::usage);
}

TEST(OutputFile, takes_devices_and_pipes_without_a_question) {
  EXPECT_FALSE(value_of(may_replace("/dev/null", Overwrite::never, bars, {})));
}

TEST(OutputFile, never_replaces_the_file_that_is_read) {
  const ScratchFolder folder;
  const std::string file = folder.write("a.mkv", "x");
  std::filesystem::create_hard_link(file, folder.file("b.mkv"));
  SourceSettings source;
  source.kind = SourceKind::file;
  source.path = file;

  EXPECT_HAS(error_of(may_replace(folder.file("b.mkv"), Overwrite::always, source, {})).what,
             "the file that is read");
}

}  // namespace
}  // namespace millrace::app
