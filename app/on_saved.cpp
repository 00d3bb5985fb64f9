// SPDX-License-Identifier: MIT
#include "app/on_saved.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <spawn.h>

#include "engine/base/sleep.h"
#include "engine/base/time.h"

namespace millrace::app {
namespace {

std::string absolute(const std::string& path) {
  std::error_code error;
  const std::filesystem::path found = std::filesystem::absolute(path, error);
  return error ? path : found.string();
}

/// Ours, with the facts of the file in it.
std::vector<std::string> environment_for(const SavedFile& saved) {
  std::map<std::string, std::string> facts = {
      {"MILLRACE_FILE", saved.path},
      {"MILLRACE_DURATION_SECONDS",
       fmt::format("{:.3f}", std::chrono::duration<double>(saved.length).count())},
      {"MILLRACE_FRAMES", fmt::format("{}", saved.frames)},
      {"MILLRACE_EXIT_CODE", fmt::format("{}", static_cast<int>(saved.exit_code))}};
  std::vector<std::string> entries;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    if (!facts.contains(std::string(text.substr(0, text.find('='))))) entries.emplace_back(text);
  }
  for (const auto& [name, value] : facts) entries.push_back(fmt::format("{}={}", name, value));
  return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// How the child starts: its descriptors and signals.
class Conditions {
 public:
  Conditions() {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
    sigset_t none;
    sigemptyset(&none);
    // Those that this program ignores for itself; what its parent had ignored stays so.
    sigset_t ours;
    sigemptyset(&ours);
    for (const int number : {SIGPIPE, SIGXFSZ}) sigaddset(&ours, number);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &ours);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }

  ~Conditions() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }

  Conditions(const Conditions&) = delete;
  Conditions& operator=(const Conditions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t& files() const { return files_; }

  [[nodiscard]] const posix_spawnattr_t& attributes() const { return attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Failure failed(const std::string& command, const std::string& how) {
  return fail(ErrorKind::internal, fmt::format("run --on-saved {}: {}", command, how),
              "the file itself is saved");
}

/// Its status once it has ended; nothing where it still runs when `wait` has passed, or `stop` is
/// asked for.
Result<std::optional<int>> wait_for(pid_t child, const std::stop_token& stop,
                                    std::optional<Duration> wait = std::nullopt) {
  constexpr auto look_every = std::chrono::milliseconds(10);
  const Timestamp began = now();
  while (true) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return std::optional(status);
    if (ended < 0 && errno != EINTR) return fail_errno("wait for --on-saved", errno);
    if (wait && now() - began > *wait) return std::optional<int>();
    if (!sleep_until(now() + look_every, stop)) return std::optional<int>();
  }
}

Result<> judge(const std::string& command, int status) {
  if (WIFSIGNALED(status)) return failed(command, fmt::format("signal {}", WTERMSIG(status)));
  if (WEXITSTATUS(status) == 0) return {};
  return failed(command, fmt::format("it ended with {}", WEXITSTATUS(status)));
}

Result<> wait_or_stop(const std::string& command, pid_t child, const std::stop_token& stop) {
  const std::optional<int> status = MILLRACE_TRY(wait_for(child, stop));
  if (status) return judge(command, *status);
  kill(-child, SIGTERM);
  static_cast<void>(wait_for(child, {}, std::chrono::seconds(1)));
  return failed(command, "it was stopped by a signal to millrace");
}

}  // namespace

Result<> run_on_saved(const std::string& command, const SavedFile& saved,
                      const std::stop_token& stop) {
  SavedFile file = saved;
  file.path = absolute(saved.path);
  std::vector<std::string> words = {"/bin/sh", "-c", command, "sh", file.path};
  std::vector<std::string> entries = environment_for(file);
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> environment = pointers_to(entries);
  const Conditions conditions;
  pid_t child = -1;
  const int error = posix_spawn(&child, words.front().c_str(), &conditions.files(),
                                &conditions.attributes(), arguments.data(), environment.data());
  if (error != 0) return fail_errno(fmt::format("run --on-saved {}", command), error);
  return wait_or_stop(command, child, stop);
}

}  // namespace millrace::app
