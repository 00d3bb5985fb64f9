// SPDX-License-Identifier: MIT
// Times two commands from start to exit, in pairs and interleaved, so that what the machine does
// meanwhile falls on both. Prints the tab-separated columns of run.sh from `ours` on:
// medians in ms, then median, least and greatest of peer / ours over the pairs.
// Usage: paired_runs PAIRS OUR-COMMAND... -- PEER-COMMAND...
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using Command = std::vector<char*>;  // ends in nullptr

std::optional<double> run_once(const Command& command) {
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  int status = 1;
  const int error = posix_spawnp(&child, command[0], &quiet, nullptr, command.data(), environ);
  if (error == 0) waitpid(child, &status, 0);
  const Milliseconds took = std::chrono::steady_clock::now() - start;
  posix_spawn_file_actions_destroy(&quiet);
  if (error != 0 || status != 0) return std::nullopt;
  return took.count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

struct Pairs {
  std::vector<double> ours, peer, ratio;
};

/// Every second pair begins with the peer; the first pair only warms the page cache.
std::optional<Pairs> run_pairs(int count, const Command& ours, const Command& peer) {
  Pairs pairs;
  for (int i = 0; i <= count; ++i) {
    const bool ours_first = i % 2 == 0;
    const auto first = run_once(ours_first ? ours : peer);
    const auto second = run_once(ours_first ? peer : ours);
    if (!first || !second) return std::nullopt;
    if (i == 0) continue;
    pairs.ours.push_back(ours_first ? *first : *second);
    pairs.peer.push_back(ours_first ? *second : *first);
    pairs.ratio.push_back(pairs.peer.back() / pairs.ours.back());
  }
  return pairs;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 0;
  char** end = argv + argc;
  char** split = std::find_if(argv, end, [](const char* arg) { return !std::strcmp(arg, "--"); });
  if (count < 1 || split == end || split + 1 == end || split == argv + 2) {
    std::fprintf(stderr, "usage: paired_runs PAIRS OUR-COMMAND... -- PEER-COMMAND...\n");
    return 2;
  }
  Command ours(argv + 2, split);
  Command peer(split + 1, end);
  ours.push_back(nullptr);
  peer.push_back(nullptr);
  const auto pairs = run_pairs(count, ours, peer);
  if (!pairs) {
    std::fprintf(stderr, "error: one of the two commands failed; run each by hand\n");
    return 1;
  }
  std::printf("%.2f\t%.2f\tms\t%.3f\t%.3f\t%.3f\n", median(pairs->ours), median(pairs->peer),
              median(pairs->ratio), *std::ranges::min_element(pairs->ratio),
              *std::ranges::max_element(pairs->ratio));
  return 0;
}
