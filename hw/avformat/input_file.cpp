// SPDX-License-Identifier: MIT
#include "hw/avformat/input_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>

namespace millrace::avformat {

Result<UniqueFd> open_input_file(const std::string& path) {
  // O_NONBLOCK: opening a pipe that nobody writes to must not hang.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    const int error = errno;
    const bool denied = error == EACCES || error == EPERM;
    return fail(denied ? ErrorKind::denied : ErrorKind::unavailable,
                fmt::format("open {}: {}", path, std::strerror(error)),
                denied ? "Make the file readable for this user." : "Check the path behind file:.",
                error);
  }

  struct stat facts {};

  if (::fstat(fd.get(), &facts) != 0) return fail_errno("look at " + path, errno);
  if (!S_ISREG(facts.st_mode)) {
    return fail(ErrorKind::usage, fmt::format("open {}: not a regular file", path),
                "Name a media file behind file:.");
  }
  return fd;
}

}  // namespace millrace::avformat
