// SPDX-License-Identifier: MIT
#include "tests/recording/program.h"

#include <array>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace millrace::recording {
namespace {

constexpr std::chrono::milliseconds look_every{5};

/// A file without a name: it never blocks its writer, and can be read while it is written.
UniqueFd make_capture(const char* name) {
  UniqueFd fd(memfd_create(name, MFD_CLOEXEC));
  if (!fd) throw std::runtime_error("cannot make a file for what a program says");
  return fd;
}

std::string content_of(const UniqueFd& fd) {
  struct stat facts {};

  if (fstat(fd.get(), &facts) != 0) return {};
  std::string text(static_cast<size_t>(facts.st_size), '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count =
        pread(fd.get(), text.data() + filled, text.size() - filled, static_cast<off_t>(filled));
    if (count <= 0) break;
    filled += static_cast<size_t>(count);
  }
  text.resize(filled);
  return text;
}

/// What a test sets itself or leaves out: also the desktop of whoever runs the tests.
bool is_of_the_project(std::string_view entry) {
  for (const std::string_view start :
       {"MILLRACE_", "LIBVA_", "DISPLAY=", "WAYLAND_DISPLAY=", "XDG_SESSION_TYPE="}) {
    if (entry.starts_with(start)) return true;
  }
  return false;
}

Words environment_of(const Invocation& invocation) {
  Words entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string name(text.substr(0, text.find('=')));
    if (!is_of_the_project(text) && !invocation.environment.contains(name)) {
      entries.emplace_back(text);
    }
  }
  for (const auto& [name, value] : invocation.environment) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers_to(Words& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Start {
  const Invocation& invocation;
  char* const* arguments;
  char* const* environment;
  int out;
  int err;
};

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(const Start& start) {
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(start.err, 2);
  if (start.invocation.output == Invocation::Output::closed) {
    close(1);
  } else if (start.invocation.output == Invocation::Output::path) {
    dup2(open(start.invocation.output_path.c_str(), O_WRONLY), 1);
  } else {
    dup2(start.out, 1);
  }
  if (start.invocation.bound_by_permissions) {
    // Fails for whoever is not root, and has no such privilege to give up.
    prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
    prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
  }
  const std::string& folder = start.invocation.folder;
  if (!folder.empty() && chdir(folder.c_str()) != 0) _exit(126);
  execvpe(start.invocation.program.c_str(), start.arguments, start.environment);
  _exit(127);
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  if (outcome.timed_out)
    stream << "killed at its limit";
  else if (outcome.signal != 0)
    stream << "signal " << outcome.signal;
  else
    stream << "exit " << outcome.exit_code;
  return stream << "\nstdout: " << outcome.out.substr(0, 2000)
                << "\nstderr: " << outcome.err.substr(0, 6000);
}

Child::Child(Invocation invocation)
    : invocation_(std::move(invocation)),
      out_(make_capture("stdout")),
      err_(make_capture("stderr")),
      started_(std::chrono::steady_clock::now()) {
  Words arguments = invocation_.arguments;
  arguments.insert(arguments.begin(), invocation_.program);
  Words environment = environment_of(invocation_);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const Start start{invocation_, argument_pointers.data(), environment_pointers.data(), out_.get(),
                    err_.get()};
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot start " + invocation_.program);
  if (pid_ == 0) become(start);
}

Child::~Child() {
  if (has_ended()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
}

void Child::send(int signal) const {
  if (!ended_) kill(pid_, signal);
}

std::string Child::err() const {
  return content_of(err_);
}

bool Child::has_ended() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

bool Child::wait_for(const std::string& text) {
  while (err().find(text) == std::string::npos) {
    const bool late = std::chrono::steady_clock::now() - started_ > invocation_.limit;
    if (late || has_ended()) return err().find(text) != std::string::npos;
    std::this_thread::sleep_for(look_every);
  }
  return true;
}

Outcome Child::wait() {
  while (!has_ended()) {
    if (!timed_out_ && std::chrono::steady_clock::now() - started_ > invocation_.limit) {
      timed_out_ = true;
      kill(pid_, SIGKILL);
    }
    std::this_thread::sleep_for(look_every);
  }
  Outcome outcome{.timed_out = timed_out_, .out = content_of(out_), .err = content_of(err_)};
  if (WIFEXITED(status_)) outcome.exit_code = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) outcome.signal = WTERMSIG(status_);
  return outcome;
}

Outcome run(Invocation invocation) {
  return Child(std::move(invocation)).wait();
}

Outcome millrace(Words arguments) {
  return run({.arguments = std::move(arguments)});
}

}  // namespace millrace::recording
