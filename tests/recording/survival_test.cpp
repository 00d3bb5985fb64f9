// SPDX-License-Identifier: MIT
// What is on the disk stays playable: when the recorder is killed, and when the disk is full.
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <random>
#include <thread>

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/recording/clips.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

Words bars(const Words& more) {
  return with({"record", "-s", "test:bars", "--device", "software", "--size", "128x96"}, more);
}

unsigned seed_of_this_run() {
  const char* const asked = std::getenv("MILLRACE_TEST_SEED");
  return asked ? static_cast<unsigned>(std::strtoul(asked, nullptr, 10)) : std::random_device()();
}

struct Victim {
  std::string path;
  Words options;
  double period;  ///< of a frame, in seconds
  Seconds lives;  ///< after its first frame is in the file
};

/// Records, and is killed. Gives how long it lived after its first frame; 0 where it had none.
Seconds kill_in_time(const Victim& victim) {
  Words options = {"--realtime", "--min-free", "0", "-o", victim.path};
  options.insert(options.end(), victim.options.begin(), victim.options.end());
  Child child({.arguments = bars(options)});
  const auto give_up = Clock::now() + 60s;
  std::error_code absent;
  // The head of the file is written with the first frame.
  while (std::filesystem::file_size(victim.path, absent) == 0 || absent) {
    if (Clock::now() > give_up) return Seconds(0);
    std::this_thread::sleep_for(2ms);
  }
  const auto began = Clock::now();
  std::this_thread::sleep_until(began + std::chrono::duration_cast<Clock::duration>(victim.lives));
  child.send(SIGKILL);
  const Seconds lived = Clock::now() - began;
  return child.wait().signal == SIGKILL ? lived : Seconds(0);
}

std::vector<Victim> draw_victims(const TempFolder& folder, unsigned seed) {
  struct Kind {
    Words options;
    double period;
  };

  const std::array<Kind, 5> kinds = {{{{}, 1.0 / 30},
                                      {{"--keyint", "10000"}, 1.0 / 30},
                                      {{"--fps", "60", "--keyint", "7"}, 1.0 / 60},
                                      {{"--fps", "4"}, 0.25},
                                      {{"--fps", "30000/1001", "--qp", "1"}, 1001.0 / 30000}}};
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> life(0.8, 3.0);
  std::vector<Victim> victims;
  for (size_t i = 0; i < 20; ++i) {
    const Kind& kind = kinds[i / 2 % kinds.size()];
    const std::string name = std::to_string(i) + (i % 2 == 0 ? ".mkv" : ".mp4");
    victims.push_back({folder.file(name), kind.options, kind.period, Seconds(life(random))});
  }
  return victims;
}

/// It plays without a complaint, from the first frame on, up to a second before the kill.
void expect_played_until(const Victim& victim, Seconds lived) {
  ASSERT_GT(lived.count(), 0.0) << victim.path << " was never there, or ended by itself";
  const std::vector<Picture> pictures = decode(victim.path);
  EXPECT_EQ(counters_of(pictures), consecutive(pictures.size())) << victim.path;
  const double plays = static_cast<double>(pictures.size()) * victim.period;
  EXPECT_GE(plays, lived.count() - 1.0) << victim.path << " lived " << lived.count() << " s";
}

TEST(KilledRecorder, leaves_a_file_that_plays_to_a_second_before) {
  const unsigned seed = seed_of_this_run();
  std::cout << "MILLRACE_TEST_SEED=" << seed << " kills at the same moments again\n";
  const TempFolder folder;
  const std::vector<Victim> victims = draw_victims(folder, seed);
  constexpr size_t at_once = 5;
  for (size_t first = 0; first < victims.size(); first += at_once) {
    std::vector<std::future<Seconds>> deaths;
    for (size_t i = first; i < first + at_once; ++i) {
      deaths.push_back(std::async(std::launch::async, kill_in_time, victims[i]));
    }
    for (size_t i = 0; i < at_once; ++i) expect_played_until(victims[first + i], deaths[i].get());
  }
}

/// Runs the program in a mount namespace of its own with a file system of so many KiB at
/// `folder`/disk, and keeps what it wrote there in `folder`.
Outcome run_on_small_disk(const TempFolder& folder, unsigned kibibytes, const Words& options) {
  std::filesystem::create_directory(folder.file("disk"));
  const std::string script =
      "mount -t tmpfs -o size=" + std::to_string(kibibytes) +
      "k tmpfs disk || exit 99; \"$0\" \"$@\"; code=$?; cp disk/* . 2>/dev/null; exit $code";
  Invocation invocation{.program = "unshare", .folder = folder.path().string()};
  invocation.arguments = {"-Urm", "sh", "-c", script, millrace_program};
  const Words command = bars(options);
  invocation.arguments.insert(invocation.arguments.end(), command.begin(), command.end());
  return run(invocation);
}

std::string why_no_small_disk() {
  const TempFolder folder;
  std::filesystem::create_directory(folder.file("disk"));
  const Outcome tried = run({.program = "unshare",
                             .arguments = {"-Urm", "mount", "-t", "tmpfs", "tmpfs", "disk"},
                             .folder = folder.path().string()});
  return tried.exit_code == 0 ? "" : "no file system can be mounted here: " + tried.err;
}

nlohmann::json summary_in(const std::string& text) {
  const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  return parsed.is_object() ? parsed : nlohmann::json::object();
}

/// Whole frames from the first one on, fewer than were delivered, but some.
void expect_whole_prefix(const std::string& path, const Outcome& outcome) {
  const std::vector<Picture> pictures = decode(path);
  EXPECT_GT(pictures.size(), 10U) << path;
  EXPECT_LE(pictures.size(), summary_in(outcome.out)["frames"]["delivered"].get<size_t>());
  EXPECT_EQ(counters_of(pictures), consecutive(pictures.size())) << path;
}

const Words large_frames = {"--json", "--qp", "1", "--keyint", "1", "--min-free", "0"};

class FullDisk : public testing::TestWithParam<std::string> {};

TEST_P(FullDisk, ends_with_7_and_a_file_that_plays) {
  if (const std::string why = why_no_small_disk(); !why.empty()) {
    GTEST_SKIP() << why << "; the limit on the file's size stands in for it";
  }
  const TempFolder folder;
  const Outcome outcome =
      run_on_small_disk(folder, 400, with(large_frames, {"-o", "disk/" + GetParam()}));
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("error[E0007]"), std::string::npos) << outcome;
  EXPECT_NE(outcome.err.find("No space left"), std::string::npos) << outcome;
  EXPECT_EQ(summary_in(outcome.out)["ended"], "failure");
  expect_whole_prefix(folder.file(GetParam()), outcome);
}

TEST_P(FullDisk, in_the_form_of_a_limit_on_the_size_of_files_does_the_same) {
  const TempFolder folder;
  const std::string path = folder.file(GetParam());
  Invocation invocation{.program = "prlimit"};
  invocation.arguments =
      with({"--fsize=400000:400000", millrace_program}, bars(with(large_frames, {"-o", path})));
  const Outcome outcome = run(invocation);
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("File too large"), std::string::npos) << outcome;
  EXPECT_LE(std::filesystem::file_size(path), 400'000U);
  expect_whole_prefix(path, outcome);
}

TEST(BrokenOff, tells_the_numbers_of_the_file_that_is_left) {
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  Invocation invocation{.program = "prlimit"};
  invocation.arguments = with(
      {"--fsize=400000:400000", millrace_program},
      bars(with(
          large_frames,
          {"--on-saved", "echo $MILLRACE_FRAMES > '" + folder.file("told") + "'", "-o", path})));
  const Outcome outcome = run(invocation);
  expect_exit(outcome, 7);
  const size_t left = decode(path).size();
  EXPECT_EQ(summary_in(outcome.out)["frames"]["delivered"], left);
  EXPECT_EQ(read_bytes(folder.file("told")), std::to_string(left) + "\n");
}

TEST(BrokenOff, makes_a_plain_mp4_that_does_not_play_and_says_so) {
  const TempFolder folder;
  Invocation invocation{.program = "prlimit"};
  invocation.arguments = with({"--fsize=400000:400000", millrace_program},
                              bars(with(large_frames, {"--container", "mp4", "--on-saved",
                                                       "touch '" + folder.file("told") + "'", "-o",
                                                       folder.file("out.mp4")})));
  const Outcome outcome = run(invocation);
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("does not play"), std::string::npos) << outcome;
  EXPECT_EQ(summary_in(outcome.out)["frames"]["delivered"], 0);
  EXPECT_EQ(folder.names(), Words{"out.mp4"});
}

TEST(FileLimit, that_is_smaller_than_a_frame_is_named) {
  const TempFolder folder;
  Invocation invocation{.program = "prlimit"};
  invocation.arguments = with({"--fsize=10000:10000", millrace_program},
                              bars({"--frames", "3", "-o", folder.file("out.mkv")}));
  const Outcome outcome = run(invocation);
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("ulimit -f"), std::string::npos) << outcome;
  EXPECT_EQ(folder.names(), Words{});
}

INSTANTIATE_TEST_SUITE_P(With, FullDisk, testing::Values("out.mkv", "out.mp4"),
                         [](const auto& one) { return one.param.substr(4); });

class NearlyFullDisk : public testing::TestWithParam<Words> {};

TEST_P(NearlyFullDisk, ends_with_7_and_every_frame_in_a_finished_file) {
  if (const std::string why = why_no_small_disk(); !why.empty()) {
    GTEST_SKIP() << why << "; FullDisk.is_told_of_once_… covers the watch";
  }
  const TempFolder folder;
  const std::string name = GetParam().front();
  Words options = {"--json",     "--qp", "1",  "--keyint",    "1",
                   "--min-free", "1MiB", "-o", "disk/" + name};
  options.insert(options.end(), GetParam().begin() + 1, GetParam().end());
  const Outcome outcome = run_on_small_disk(folder, 2048, options);
  expect_exit(outcome, 7);
  const nlohmann::json summary = summary_in(outcome.out);
  EXPECT_EQ(summary["ended"], "disk-nearly-full") << outcome;
  const size_t delivered = summary["frames"]["delivered"];
  EXPECT_EQ(summary["frames"]["dropped"], 0) << outcome;
  EXPECT_EQ(counters_of(decode(folder.file(name))), consecutive(delivered));
  for (const std::string& word :
       Words{"are free on its disk", "1.0 MiB are to stay free",
             "s in " + std::to_string(delivered) + " frames are saved", "--min-free"}) {
    EXPECT_NE(outcome.err.find(word), std::string::npos) << word << " in " << outcome;
  }
  // The reserve is not used up by the end of the file.
  EXPECT_LT(std::filesystem::file_size(folder.file(name)), (1U << 20) + (400U << 10));
}

INSTANTIATE_TEST_SUITE_P(With, NearlyFullDisk,
                         testing::Values(Words{"out.mkv"}, Words{"out.mp4"},
                                         Words{"plain.mp4", "--container", "mp4"},
                                         Words{"out.h264"}),
                         [](const auto& one) {
                           return one.param.front().substr(0, one.param.front().find('.')) + "_" +
                                  one.param.front().substr(one.param.front().find('.') + 1);
                         });

TEST(DiskWithoutRoom, gets_no_file_at_all) {
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  const Outcome outcome = millrace(bars({"--frames", "3", "--min-free", "1000000TiB", "-o", path}));
  expect_exit(outcome, 7);
  for (const std::string& word : Words{"error[E0007]", path, "free in", "--min-free"}) {
    EXPECT_NE(outcome.err.find(word), std::string::npos) << word << " in " << outcome;
  }
  EXPECT_EQ(folder.names(), Words{});
}

TEST(DiskWithoutRoom, takes_the_file_where_nothing_is_to_stay_free) {
  if (const std::string why = why_no_small_disk(); !why.empty()) {
    GTEST_SKIP() << why << "; KilledRecorder records with --min-free 0";
  }
  const TempFolder folder;
  const Words few = {"--frames", "3", "-o", "disk/out.mkv"};
  expect_exit(run_on_small_disk(folder, 1024, few), 7);
  expect_exit(run_on_small_disk(folder, 1024, with(few, {"--min-free", "0"})), 0);
  EXPECT_EQ(facts_of(folder.file("out.mkv")).frames, 3U);
}

}  // namespace
}  // namespace millrace::recording
