// SPDX-License-Identifier: MIT
// Program: runs a program as a user does, and keeps what it said.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "engine/base/unique_fd.h"

namespace millrace::recording {

using Words = std::vector<std::string>;

/// The program under test, and the preload that witnesses copies.
inline const std::string millrace_program = MILLRACE_PROGRAM;
inline const std::string millrace_witness = MILLRACE_WITNESS;
inline constexpr bool sanitized = MILLRACE_SANITIZED;
inline constexpr bool thread_sanitized = MILLRACE_THREAD_SANITIZED;

struct Invocation {
  std::string program = millrace_program;
  Words arguments;
  /// Over this process's environment, out of which all MILLRACE_* and LIBVA_* are taken first.
  std::map<std::string, std::string> environment;
  std::string folder;  ///< to run in; empty: this process's own
  std::chrono::seconds limit{120};
  bool bound_by_permissions = false;  ///< even where this process is root's
  /// What its stdout is: a file that keeps it, nothing at all, or a path.
  enum class Output { kept, closed, path } output = Output::kept;
  std::string output_path;
};

struct Outcome {
  int exit_code = -1;  ///< of a program that ended by itself
  int signal = 0;      ///< that ended it
  bool timed_out = false;
  std::string out;
  std::string err;
};

/// "exit 2, stderr: …": for the message of a failed expectation.
std::ostream& operator<<(std::ostream& stream, const Outcome& outcome);

class Child {
 public:
  explicit Child(Invocation invocation);
  /// Ends it, if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void send(int signal) const;

  /// What it has written to stderr so far.
  [[nodiscard]] std::string err() const;

  /// Waits until stderr contains `text`. False: it ended, or the limit ran out.
  [[nodiscard]] bool wait_for(const std::string& text);

  /// Waits for its end. At the limit it is killed, and says so.
  [[nodiscard]] Outcome wait();

 private:
  bool has_ended();

  Invocation invocation_;
  UniqueFd out_, err_;
  pid_t pid_ = -1;
  std::chrono::steady_clock::time_point started_;
  bool ended_ = false;
  bool timed_out_ = false;
  int status_ = 0;
};

[[nodiscard]] Outcome run(Invocation invocation);

/// millrace with these arguments.
[[nodiscard]] Outcome millrace(Words arguments);

}  // namespace millrace::recording
