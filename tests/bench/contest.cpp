// SPDX-License-Identifier: MIT
// Runs several commands in turn, round after round, and measures each from start to exit: what the
// machine does meanwhile falls on all of them. Every second round goes backwards. One tab-separated
// line a run:  name  round  wall ms  CPU ms  resident KiB  pool bytes
//
// CPU is user and system time with that of the children. Resident is the greatest sum of RssAnon
// and RssFile of the process: what it has but for shared memory. Pool bytes are the most bytes of
// Millrace's pools that it had open, by fstat of its memfds. Both are looked at every 10 ms.
//
// Usage: contest ROUNDS NAME COMMAND... [-- NAME COMMAND...]...
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <spawn.h>

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Contender {
  const char* name = nullptr;
  std::vector<char*> command;  // ends in nullptr
};

struct Use {
  double wall_ms = 0;
  double cpu_ms = 0;
  uint64_t resident_kib = 0;
  uint64_t pool_bytes = 0;
};

uint64_t resident_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  uint64_t sum = 0;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:") || line.starts_with("RssFile:"))
      sum += std::strtoull(line.c_str() + std::strlen("RssAnon:"), nullptr, 10);
  }
  return sum;
}

/// A memfd that is open twice counts once. Those of the VA driver have another name.
uint64_t pool_bytes(pid_t process) {
  std::map<ino_t, uint64_t> files;
  std::error_code gone;
  const std::filesystem::path folder = "/proc/" + std::to_string(process) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(folder, gone)) {
    const std::string target = std::filesystem::read_symlink(entry, gone).string();

    struct stat facts {};

    if (target.starts_with("/memfd:millrace-frame") && stat(entry.path().c_str(), &facts) == 0)
      files[facts.st_ino] = static_cast<uint64_t>(facts.st_size);
  }
  uint64_t sum = 0;
  for (const auto& [inode, size] : files) sum += size;
  return sum;
}

std::optional<pid_t> start(const Contender& contender) {
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = posix_spawnp(&child, contender.command[0], &quiet, nullptr,
                                 contender.command.data(), environ);
  posix_spawn_file_actions_destroy(&quiet);
  return error == 0 ? std::optional(child) : std::nullopt;
}

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

std::optional<Use> run_once(const Contender& contender) {
  const auto begin = std::chrono::steady_clock::now();
  const auto child = start(contender);
  if (!child) return std::nullopt;
  Use use;
  rusage spent{};
  int status = 0;
  while (wait4(*child, &status, WNOHANG, &spent) == 0) {
    use.resident_kib = std::max(use.resident_kib, resident_kib(*child));
    use.pool_bytes = std::max(use.pool_bytes, pool_bytes(*child));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  use.wall_ms = Milliseconds(std::chrono::steady_clock::now() - begin).count();
  use.cpu_ms = milliseconds(spent.ru_utime) + milliseconds(spent.ru_stime);
  return status == 0 ? std::optional(use) : std::nullopt;
}

std::vector<Contender> contenders_of(char** begin, char** end) {
  std::vector<Contender> contenders;
  while (begin < end) {
    char** const stop =
        std::find_if(begin, end, [](const char* word) { return std::strcmp(word, "--") == 0; });
    if (stop - begin < 2) return {};
    Contender contender{*begin, {begin + 1, stop}};
    contender.command.push_back(nullptr);
    contenders.push_back(std::move(contender));
    begin = stop < end ? stop + 1 : end;
  }
  return contenders;
}

bool run_round(int round, std::vector<Contender>& contenders) {
  for (const Contender& contender : contenders) {
    const auto use = run_once(contender);
    if (!use) {
      std::fprintf(stderr, "error: %s failed; run it by hand:", contender.name);
      for (const char* word : contender.command)
        if (word != nullptr) std::fprintf(stderr, " '%s'", word);
      std::fprintf(stderr, "\n");
      return false;
    }
    std::printf("%s\t%d\t%.1f\t%.1f\t%lu\t%lu\n", contender.name, round, use->wall_ms, use->cpu_ms,
                use->resident_kib, use->pool_bytes);
  }
  std::ranges::reverse(contenders);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 0;
  std::vector<Contender> contenders = contenders_of(argv + std::min(argc, 2), argv + argc);
  if (rounds < 1 || contenders.empty()) {
    std::fprintf(stderr, "usage: contest ROUNDS NAME COMMAND... [-- NAME COMMAND...]...\n");
    return 2;
  }
  for (int round = 1; round <= rounds; ++round)
    if (!run_round(round, contenders)) return 1;
  return 0;
}
