// SPDX-License-Identifier: MIT
#include "tests/x11/process.h"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace millrace::x11::test {
namespace {

constexpr int patience_ms = 10'000;
constexpr std::chrono::milliseconds look_every{5};
constexpr int looks_before_kill = 400;

struct Pipe {
  UniqueFd read, write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    if (!changes.contains(text.substr(0, text.find('=')))) entries.push_back(text);
  }
  for (const auto& [name, value] : changes) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Process::Process(std::vector<std::string> words,
                 const std::map<std::string, std::string>& environment) {
  std::vector<std::string> entries = environment_with(environment);
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> variables = pointers_to(entries);
  Pipe to = make_pipe();
  Pipe from = make_pipe();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot start " + words[0]);
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // whatever becomes of the test
    ::dup2(to.read.get(), 0);
    ::dup2(from.write.get(), 1);
    ::execvpe(arguments[0], arguments.data(), variables.data());
    ::_exit(127);
  }
  in_ = std::move(to.write);
  out_ = std::move(from.read);
}

Process::~Process() {
  end(SIGTERM);
}

std::optional<std::string> Process::line() {
  for (;;) {
    if (const size_t end = heard_.find('\n'); end != std::string::npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    pollfd wait{out_.get(), POLLIN, 0};
    char bytes[256];
    if (::poll(&wait, 1, patience_ms) <= 0) return std::nullopt;
    const ssize_t count = ::read(out_.get(), bytes, sizeof(bytes));
    if (count <= 0) return std::nullopt;
    heard_.append(bytes, static_cast<size_t>(count));
  }
}

void Process::tell(const std::string& line) const {
  const std::string text = line + "\n";
  if (::write(in_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("a program beside the test does not listen");
  }
}

bool Process::has_ended() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

void Process::end(int signal) {
  if (has_ended()) return;
  ::kill(pid_, signal);
  for (int look = 0; look < looks_before_kill && !has_ended(); ++look) {
    std::this_thread::sleep_for(look_every);
  }
  if (has_ended()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace millrace::x11::test
