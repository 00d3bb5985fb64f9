// SPDX-License-Identifier: MIT
// Process: a program that runs beside a test, spoken to by lines, and gone when the test is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "engine/base/unique_fd.h"

namespace millrace::x11::test {

/// Confined. Throws std::runtime_error where the program cannot be started.
class Process {
 public:
  /// `environment` is set over this process's own. Its stderr is ours.
  Process(std::vector<std::string> words, const std::map<std::string, std::string>& environment);
  ~Process();  ///< ends it
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next line that it prints; nothing when it ended or said nothing for ten seconds.
  [[nodiscard]] std::optional<std::string> line();

  void tell(const std::string& line) const;

  /// Asks it to end by `signal`, and kills it where it does not within two seconds.
  void end(int signal);

  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  [[nodiscard]] bool has_ended();

  pid_t pid_ = -1;
  UniqueFd in_;   ///< its stdin
  UniqueFd out_;  ///< its stdout
  std::string heard_;
};

}  // namespace millrace::x11::test
