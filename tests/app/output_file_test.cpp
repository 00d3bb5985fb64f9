// SPDX-License-Identifier: MIT
#include "app/output_file.h"

#include <filesystem>

#include <sys/stat.h>

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
  EXPECT_EQ(error_of(may_replace(file, Overwrite::ask, bars, no)).kind, ErrorKind::cancelled);
}

TEST(OutputFile, takes_devices_and_pipes_without_a_question) {
  EXPECT_FALSE(value_of(may_replace("/dev/null", Overwrite::never, bars, {})));
}

TEST(OutputFile, names_links_to_nothing_folders_and_sockets) {
  const ScratchFolder folder;
  std::filesystem::create_symlink("nowhere", folder.file("link.mkv"));

  EXPECT_HAS(error_of(may_replace(folder.file("link.mkv"), Overwrite::always, bars, {})).what,
             "leads to nothing");
  EXPECT_HAS(error_of(may_replace(folder.path(), Overwrite::always, bars, {})).what,
             "it is a folder");
  EXPECT_HAS(error_of(check_kind("socket", S_IFSOCK | 0600)).what, "it is a socket");
}

TEST(OutputFile, numbers_a_name_that_is_taken) {
  const ScratchFolder folder;
  EXPECT_EQ(unused_name(folder.file("a.mkv")), folder.file("a.mkv"));
  const std::string first = folder.write("a.mkv", "x");
  EXPECT_EQ(unused_name(first), folder.file("a-2.mkv"));
  static_cast<void>(folder.write("a-2.mkv", "x"));
  EXPECT_EQ(unused_name(first), folder.file("a-3.mkv"));
}

TEST(OutputFile, does_not_write_over_disks) {
  EXPECT_HAS(error_of(check_kind("/dev/sda", S_IFBLK | 0660)).what, "/dev/sda: it is a disk");
  EXPECT_TRUE(check_kind("/dev/video3", S_IFCHR | 0660));
  EXPECT_TRUE(check_kind("/dev/null", S_IFCHR | 0666));
  EXPECT_TRUE(check_kind("a.mkv", S_IFREG | 0644));
  EXPECT_TRUE(check_kind("pipe", S_IFIFO | 0600));
}

TEST(OutputFile, refuses_to_fill_the_disk_before_there_is_a_file) {
  const ScratchFolder folder;
  const std::string path = folder.file("a.mkv");

  const Error error = error_of(check_room(path, UINT64_MAX));

  EXPECT_EQ(error.kind, ErrorKind::output_failed);
  EXPECT_HAS(error.what, " are free in " + folder.path());
  EXPECT_HAS(error.what, "are to stay free");
  EXPECT_HAS(error.remedy, "--min-free");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(check_room(path, 0));
  EXPECT_TRUE(check_room(path, 1));
}

TEST(OutputFile, looks_at_the_current_folder_for_a_name_without_one) {
  const std::string name = "not-there-yet.mkv";
  ASSERT_FALSE(std::filesystem::exists(name));

  EXPECT_TRUE(room_for(name));
  EXPECT_HAS(error_of(check_room(name, UINT64_MAX)).what,
             " are free in " + std::filesystem::current_path().string());
}

TEST(OutputFile, counts_the_file_that_is_replaced_as_room) {
  const ScratchFolder folder;
  const std::string old = folder.write("a.mkv", std::string(1'000'000, 'x'));
  const uint64_t room = room_for(old).value_or(0);
  ASSERT_GT(room, 0U);

  // Half of what it takes: others may write to this disk meanwhile.
  EXPECT_TRUE(check_room(old, room + 500'000));
}

TEST(OutputFile, needs_no_room_on_devices_and_stdout) {
  EXPECT_FALSE(room_for("/dev/null"));
  EXPECT_FALSE(room_for("-"));
  EXPECT_TRUE(check_room("/dev/null", UINT64_MAX));
  EXPECT_TRUE(check_room("-", UINT64_MAX));
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
