// SPDX-License-Identifier: MIT
// Signals: the first one finishes the file, a second SIGINT ends the program at once.
#include <chrono>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Invocation endless(const std::string& path, const Words& more = {}) {
  Invocation invocation{.arguments = {"record", "--device", "software", "--json", "--realtime",
                                      "--size", "128x96", "-o", path}};
  invocation.arguments.insert(invocation.arguments.end(), more.begin(), more.end());
  return invocation;
}

/// The file is made once everything before it works; then a few frames go by.
void wait_until_it_records(const std::string& path) {
  const auto limit = Clock::now() + 30s;
  while (!std::filesystem::exists(path) && Clock::now() < limit) std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(600ms);
}

struct SignalCase {
  std::string name;
  int signal;
  std::string output;
};

class Signals : public testing::TestWithParam<SignalCase> {};

TEST_P(Signals, finish_the_file_and_exit_with_0) {
  const TempFolder folder;
  const std::string path = folder.file(GetParam().output);
  Child child(endless(path));
  wait_until_it_records(path);
  child.send(GetParam().signal);
  const Outcome outcome = child.wait();
  expect_exit(outcome, 0);
  const nlohmann::json summary = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(summary.is_object()) << outcome;
  const size_t delivered = summary["frames"]["delivered"];
  EXPECT_GT(delivered, 3U);
  EXPECT_EQ(counters_of(decode(path)), consecutive(delivered));
}

INSTANTIATE_TEST_SUITE_P(Of, Signals,
                         testing::Values(SignalCase{"SIGINT_in_mkv", SIGINT, "out.mkv"},
                                         SignalCase{"SIGTERM_in_mp4", SIGTERM, "out.mp4"},
                                         SignalCase{"SIGHUP_in_mkv", SIGHUP, "out.mkv"},
                                         SignalCase{"SIGINT_in_h264", SIGINT, "out.h264"}),
                         [](const auto& one) { return one.param.name; });

TEST(Signal, does_not_wait_for_the_next_frame) {
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  Child child(endless(path, {"--fps", "1/20"}));
  wait_until_it_records(path);
  const auto sent = Clock::now();
  child.send(SIGINT);
  const Outcome outcome = child.wait();
  expect_exit(outcome, 0);
  EXPECT_LT(Clock::now() - sent, 5s);
  EXPECT_EQ(facts_of(path).frames, 1U);
}

TEST(Signal, while_the_recorder_runs_flat_out_finishes_the_file) {
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  Child child(
      {.arguments = {"record", "--device", "software", "--json", "--size", "128x96", "-o", path}});
  wait_until_it_records(path);
  child.send(SIGTERM);
  const Outcome outcome = child.wait();
  expect_exit(outcome, 0);
  const nlohmann::json summary = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(summary.is_object()) << outcome;
  EXPECT_EQ(facts_of(path).frames, summary["frames"]["delivered"]);
}

TEST(StalledReader, leaves_no_log_of_the_driver_in_validate_mode) {
  const TempFolder folder;
  const TempFolder temporary;
  const std::string path = folder.file("pipe.mkv");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const UniqueFd reader(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(reader);  // but nothing is ever read
  Invocation invocation = endless(path, {"--fps", "1000", "--keyint", "1", "--qp", "1"});
  invocation.environment = {{"MILLRACE_VALIDATE", "1"}, {"TMPDIR", temporary.path().string()}};
  Child child(invocation);
  std::this_thread::sleep_for(2s);
  child.send(SIGINT);
  expect_exit(child.wait(), 7);
  EXPECT_EQ(temporary.names(), Words{});
}

TEST(SecondInterrupt, ends_a_program_that_cannot_finish) {
  const TempFolder folder;
  const std::string path = folder.file("pipe.mkv");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const UniqueFd reader(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(reader);  // but nothing is ever read: the writer is soon stuck in the kernel
  Child child(endless(path, {"--fps", "1000", "--keyint", "1", "--qp", "1"}));
  std::this_thread::sleep_for(2s);
  child.send(SIGINT);
  std::this_thread::sleep_for(300ms);
  const auto sent = Clock::now();
  child.send(SIGINT);
  const Outcome outcome = child.wait();
  EXPECT_LT(Clock::now() - sent, 2s);
  EXPECT_EQ(outcome.signal, SIGINT) << outcome;
}

}  // namespace
}  // namespace millrace::recording
