// SPDX-License-Identifier: MIT
// The program itself, run as a user runs it, on what is decided before any device is opened.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include <sys/wait.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/app/expect_result.h"
#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs `millrace ARGUMENTS` by the shell in `folder`; what follows may redirect stdout.
Outcome run(const ScratchFolder& folder, const std::string& arguments,
            const std::string& to = ">out.txt") {
  const std::string command = "cd '" + folder.path() + "' && '" MILLRACE_PROGRAM "' " + arguments +
                              " " + to + " 2>err.txt </dev/null";
  const int status = std::system(command.c_str());
  Outcome outcome;
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.out = content(folder.file("out.txt"));
  outcome.err = content(folder.file("err.txt"));
  return outcome;
}

TEST(Program, prints_results_on_stdout_and_nothing_else_there) {
  const ScratchFolder folder;

  const Outcome outcome = run(folder, "list sources");

  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_HAS(outcome.out, "test:bars");
  EXPECT_EQ(outcome.err, "");
}

TEST(Program, ends_with_2_and_one_line_for_an_unknown_option) {
  const ScratchFolder folder;

  const Outcome outcome = run(folder, "record --sise 64x64");

  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "error[E0002]: unknown option of millrace record --sise. Did you mean --size?\n");
}

TEST(Program, names_file_line_and_column_of_an_unknown_key) {
  const ScratchFolder folder;
  static_cast<void>(folder.write("a.toml", "schema = 1\n[encode]\n  qb = 20\n"));

  const Outcome outcome = run(folder, "run a.toml");

  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err,
            "error[E0002]: a.toml:3:3: unknown key encode.qb. Did you mean encode.qp?\n");
}

TEST(Program, refuses_sizes_with_the_numbers_and_makes_no_file) {
  const ScratchFolder folder;

  for (const std::string size : {"0x0", "100000x100000", "64x0"}) {
    const Outcome outcome = run(folder, "record --frames 1 -o x.mkv --size " + size);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_HAS(outcome.err, size);
    EXPECT_FALSE(std::filesystem::exists(folder.file("x.mkv")));
  }
}

TEST(Program, reports_an_error_as_json_where_results_are_json) {
  const ScratchFolder folder;

  const Outcome outcome = run(folder, "record --json --size 0x0");

  EXPECT_EQ(nlohmann::json::parse(outcome.out).at("exit"), 2);
}

TEST(Program, writes_nothing_but_json_lines_to_stderr_where_the_log_is_json) {
  const ScratchFolder folder;

  const Outcome outcome =
      run(folder, "record --device software --size 64x64 --frames 5 -o x.mkv --log-format json -v");

  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "x.mkv\n");
  std::vector<std::string> types;
  std::istringstream lines(outcome.err);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    types.push_back(json.at("type"));
  }
  ASSERT_FALSE(types.empty());
  EXPECT_EQ(types.back(), "summary");
  EXPECT_EQ(std::ranges::count(types, "summary"), 1);
}

TEST(Program, reports_a_wrong_option_as_json_where_the_log_is_json) {
  const ScratchFolder folder;

  for (const std::string form : {"--log-format json", "--log-format=json"}) {
    const Outcome outcome = run(folder, "record --size 0x0 " + form);
    EXPECT_EQ(nlohmann::json::parse(outcome.err).at("exit"), 2);
  }
}

TEST(Program, keeps_a_file_that_exists) {
  const ScratchFolder folder;
  static_cast<void>(folder.write("x.mkv", "precious"));

  const Outcome outcome = run(folder, "record --frames 1 -o x.mkv");

  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_HAS(outcome.err, "--overwrite always");
  EXPECT_EQ(content(folder.file("x.mkv")), "precious");
}

TEST(Program, prints_the_settings_of_a_dry_run_without_opening_anything) {
  const ScratchFolder folder;

  const Outcome outcome = run(folder, "record -s file:/nowhere/a.mkv --dry-run");

  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_HAS(outcome.out, "source.id = \"/nowhere/a.mkv\"");
  EXPECT_HAS(outcome.out, "# --source");
}

TEST(Program, ends_with_7_where_stdout_is_full) {
  const ScratchFolder folder;

  const Outcome outcome = run(folder, "list formats", ">/dev/full");

  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_HAS(outcome.err, "error[E0007]: write the result to stdout");
}

TEST(Program, ends_with_7_where_stdout_is_closed) {
  const ScratchFolder folder;

  EXPECT_EQ(run(folder, "list formats", ">&-").exit_code, 7);
}

TEST(Program, shows_the_settings_of_the_example_configurations) {
  const ScratchFolder folder;

  for (const std::string name : {"test_pattern.toml", "file_transcode.toml"}) {
    const Outcome outcome =
        run(folder, "run '" MILLRACE_SOURCE_TREE "/configs/" + name + "' --dry-run --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_FALSE(nlohmann::json::parse(outcome.out).at("settings").empty());
  }
}

}  // namespace
}  // namespace millrace::app
