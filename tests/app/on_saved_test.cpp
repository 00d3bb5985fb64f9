// SPDX-License-Identifier: MIT
#include "app/on_saved.h"

#include <csignal>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"
#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

using namespace std::chrono_literals;

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

SavedFile saved_at(const std::string& path) {
  return {.path = path, .length = 12'345ms, .frames = 369, .exit_code = ExitCode::output_failed};
}

Result<> run_it(const std::string& command, const SavedFile& saved) {
  return run_on_saved(command, saved, {});
}

TEST(OnSaved, is_told_of_the_file_in_its_environment_and_as_its_first_word) {
  const ScratchFolder folder;
  const std::string told = folder.file("told");

  ASSERT_TRUE(
      run_it("printf '%s|%s|%s|%s|%s' \"$1\" \"$MILLRACE_FILE\" "
             "$MILLRACE_DURATION_SECONDS $MILLRACE_FRAMES $MILLRACE_EXIT_CODE > '" +
                 told + "'",
             saved_at("/tmp/a.mkv")));

  EXPECT_EQ(content(told), "/tmp/a.mkv|/tmp/a.mkv|12.345|369|7");
}

TEST(OnSaved, gets_an_absolute_path_that_is_never_taken_for_shell) {
  const ScratchFolder folder;
  const std::string told = folder.file("told");
  const std::string name = "$(touch x) `touch y`; touch 'z' \"q\".mkv";

  ASSERT_TRUE(run_it("printf %s \"$1\" > '" + told + "'", saved_at(folder.file(name))));
  ASSERT_TRUE(run_it("case \"$1\" in /*/a.mkv) ;; *) exit 1;; esac", saved_at("a.mkv")));

  EXPECT_EQ(content(told), folder.file(name));
  for (const char* const made : {"x", "y", "z"}) {
    EXPECT_FALSE(std::filesystem::exists(made)) << made;
  }
}

TEST(OnSaved, says_how_a_command_failed) {
  const Error code = error_of(run_it("exit 3", saved_at("a.mkv")));
  EXPECT_HAS(code.what, "--on-saved exit 3: it ended with 3");
  EXPECT_HAS(error_of(run_it("kill -9 $$", saved_at("a.mkv"))).what, "signal 9");
  EXPECT_HAS(error_of(run_it("no-such-program-here 2>/dev/null", saved_at("a.mkv"))).what,
             "it ended with 127");
}

TEST(OnSaved, whose_end_nobody_knows_is_no_success) {
  void (*const before)(int) = std::signal(SIGCHLD, SIG_IGN);  // the kernel throws its status away

  const Result<> ran = run_it("exit 3", saved_at("a.mkv"));

  std::signal(SIGCHLD, before);
  EXPECT_FALSE(ran);
}

TEST(OnSaved, is_stopped_with_all_that_it_has_started) {
  std::stop_source stop;
  stop.request_stop();

  const Error error =
      error_of(run_on_saved("sleep 1000 & wait", saved_at("a.mkv"), stop.get_token()));

  EXPECT_HAS(error.what, "it was stopped");
}

TEST(OnSaved, finds_nothing_on_stdin_and_keeps_off_stdout) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const Result<> ran = run_it("cat; echo words", saved_at("a.mkv"));
  const std::string out = testing::internal::GetCapturedStdout();
  const std::string err = testing::internal::GetCapturedStderr();

  EXPECT_TRUE(ran);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "words\n");
}

TEST(OnSaved, finds_signals_as_a_shell_leaves_them) {
  const ScratchFolder folder;
  const std::string told = folder.file("told");
  void (*const pipe)(int) = std::signal(SIGPIPE, SIG_IGN);
  void (*const size)(int) = std::signal(SIGXFSZ, SIG_IGN);
  sigset_t stop;
  sigset_t before;
  sigemptyset(&stop);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stop, number);
  pthread_sigmask(SIG_BLOCK, &stop, &before);

  const Result<> ran =
      run_it("grep -E 'SigBlk|SigIgn' /proc/self/status > '" + told + "'", saved_at("a"));

  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  std::signal(SIGPIPE, pipe);
  std::signal(SIGXFSZ, size);
  EXPECT_TRUE(ran);
  EXPECT_HAS(content(told), "SigBlk:\t0000000000000000");
  const uint64_t ignored =
      std::stoull(content(told).substr(content(told).rfind('\t')), nullptr, 16);
  EXPECT_EQ(ignored >> (SIGPIPE - 1) & 1, 0U);
  EXPECT_EQ(ignored >> (SIGXFSZ - 1) & 1, 0U);
}

}  // namespace
}  // namespace millrace::app
