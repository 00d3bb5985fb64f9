// SPDX-License-Identifier: MIT
#include "app/standard_streams.h"

#include <cstdio>
#include <string>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace millrace::app {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

void fill_standard_descriptors() {
  // From the lowest up: each open takes the lowest number that is free. For reading only, so that
  // writing there fails as it would have.
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (!is_open(fd) && ::open("/dev/null", O_RDONLY) < 0) return;
  }
}

bool leads_to(const std::string& path, int fd) {
  struct stat named {};

  struct stat open {};

  if (::stat(path.c_str(), &named) != 0 || ::fstat(fd, &open) != 0) return false;
  const bool stream = S_ISFIFO(open.st_mode) || S_ISREG(open.st_mode);
  return stream && named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

void put_result(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void put_message(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Result<UniqueFd> take_stdout() {
  MILLRACE_TRY(check_results());
  UniqueFd taken(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (taken && ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0) return taken;
  return fail(ErrorKind::output_failed,
              "take stdout for the recording: " + std::generic_category().message(errno),
              "name a file with -o", errno);
}

Result<> check_results() {
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) return {};
  return fail(ErrorKind::output_failed,
              std::string("write the result to stdout: ") +
                  (failed_before ? "a write failed" : std::generic_category().message(errno)),
              "give stdout a place that takes it", errno);
}

}  // namespace millrace::app
