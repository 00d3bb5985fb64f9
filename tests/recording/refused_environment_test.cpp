// SPDX-License-Identifier: MIT
// What is wrong lies around the program: no driver, no permission, a stdout or a disk that fails.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

namespace fs = std::filesystem;

/// The program without the driver that is built beside it.
std::string program_alone(const TempFolder& folder) {
  fs::create_directory(folder.path() / "bin");
  fs::copy_file(millrace_program, folder.path() / "bin/millrace");
  return (folder.path() / "bin/millrace").string();
}

TEST(NoDriver, ends_with_3_and_says_where_one_was_looked_for) {
  const TempFolder folder;
  const TempFolder empty;
  const Outcome outcome = run(
      {.program = program_alone(folder),
       .arguments = {"record", "--frames", "1", "-o", folder.file("out.mkv")},
       .environment = {{"LIBVA_DRIVERS_PATH", empty.path().string()},
                       {"LD_LIBRARY_PATH", fs::path(millrace_program).parent_path() / "../lib"}}});
  expect_exit(outcome, 3);
  EXPECT_NE(outcome.err.find("error[E0003]"), std::string::npos) << outcome;
  EXPECT_NE(outcome.err.find("driver"), std::string::npos) << outcome;
  EXPECT_FALSE(fs::exists(folder.file("out.mkv")));
}

TEST(NoDriver, is_what_probe_says_with_its_remedy) {
  const TempFolder folder;
  const TempFolder empty;
  const Outcome outcome = run(
      {.program = program_alone(folder),
       .arguments = {"probe"},
       .environment = {{"LIBVA_DRIVERS_PATH", empty.path().string()},
                       {"LD_LIBRARY_PATH", fs::path(millrace_program).parent_path() / "../lib"}}});
  EXPECT_EQ(outcome.signal, 0) << outcome;
  EXPECT_NE(outcome.out.find("driver"), std::string::npos) << outcome;
}

void expect_denied(const Words& options, const std::string& object) {
  Words arguments = {"record", "--device", "software", "--size", "64x64", "--frames", "1"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Outcome outcome = run({.arguments = arguments, .bound_by_permissions = true});
  expect_exit(outcome, 4);
  EXPECT_NE(outcome.err.find("error[E0004]"), std::string::npos) << outcome;
  EXPECT_NE(outcome.err.find(object), std::string::npos) << outcome;
}

TEST(NoPermission, to_write_the_output_ends_with_4_and_no_file) {
  const TempFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  expect_denied({"-o", folder.file("out.mkv")}, "out.mkv");
  EXPECT_EQ(folder.names(), Words{});
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST(NoPermission, to_read_the_source_or_the_configuration_ends_with_4) {
  const TempFolder folder;
  const std::string secret = folder.write("secret.nv12", std::string(64 * 64 * 3 / 2, 'x'));
  const std::string config = folder.write("secret.toml", "");
  for (const std::string& path : {secret, config}) fs::permissions(path, fs::perms::none);
  expect_denied({"-s", "file:" + secret, "-o", folder.file("out.mkv")}, secret);
  expect_denied({"-C", config, "-o", folder.file("out.mkv")}, config);
  EXPECT_FALSE(fs::exists(folder.file("out.mkv")));
}

Invocation recording_to(const TempFolder& folder) {
  return {.arguments = {"record", "--device", "software", "--size", "128x96", "--frames", "10",
                        "-o", folder.file("out.mkv")}};
}

TEST(ClosedStdout, never_lets_text_into_the_recording) {
  const TempFolder folder;
  Invocation invocation = recording_to(folder);
  invocation.output = Invocation::Output::closed;
  const Outcome outcome = run(invocation);
  expect_exit(outcome, 7);
  EXPECT_EQ(counters_of(decode(folder.file("out.mkv"))), consecutive(10)) << outcome;
}

TEST(FullStdout, ends_with_7_and_a_whole_recording) {
  const TempFolder folder;
  Invocation invocation = recording_to(folder);
  invocation.output = Invocation::Output::path;
  invocation.output_path = "/dev/full";
  const Outcome outcome = run(invocation);
  expect_exit(outcome, 7);
  EXPECT_EQ(counters_of(decode(folder.file("out.mkv"))), consecutive(10)) << outcome;
}

TEST(FullDisk, ends_with_7_and_names_the_file_in_every_container) {
  const TempFolder folder;
  for (const std::string container : {"mkv", "mp4", "fmp4", "h264"}) {
    const Outcome outcome =
        millrace({"record", "--device", "software", "--size", "640x360", "--frames", "60",
                  "--container", container, "-o", "/dev/full"});
    expect_exit(outcome, 7);
    EXPECT_NE(outcome.err.find("/dev/full"), std::string::npos) << outcome;
    EXPECT_NE(outcome.err.find("No space left"), std::string::npos) << outcome;
  }
}

TEST(ErrorInJson, is_one_object_on_stdout_and_one_on_stderr) {
  const TempFolder folder;
  const Outcome outcome =
      millrace({"record", "--json", "--log-format", "json", "--device", "software", "-s",
                "file:" + folder.file("absent.mkv"), "-o", folder.file("out.mkv")});
  expect_exit(outcome, 3);
  for (const std::string& text : {outcome.out, outcome.err}) {
    const nlohmann::json error = nlohmann::json::parse(text, nullptr, false);
    ASSERT_TRUE(error.is_object()) << outcome;
    EXPECT_EQ(error.value("type", ""), "error");
    EXPECT_EQ(error.value("id", ""), "E0003");
    EXPECT_EQ(error.value("exit", 0), 3);
    EXPECT_NE(error.value("what", "").find("absent.mkv"), std::string::npos) << error;
    EXPECT_NE(error.value("remedy", ""), "") << error;
  }
}

}  // namespace
}  // namespace millrace::recording
