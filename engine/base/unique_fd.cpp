// SPDX-License-Identifier: MIT
#include "engine/base/unique_fd.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace millrace {

void UniqueFd::reset(int fd) {
  if (fd_ >= 0 && fd_ != fd) ::close(fd_);
  fd_ = fd;
}

Result<UniqueFd> UniqueFd::duplicate() const {
  const int copy = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return fail_errno("duplicate file descriptor " + std::to_string(fd_), errno);
  return UniqueFd(copy);
}

Result<FileIdentity> identify(int fd) {
  struct stat facts {};

  if (::fstat(fd, &facts) != 0) {
    return fail_errno("identify file descriptor " + std::to_string(fd), errno);
  }
  return FileIdentity{facts.st_dev, facts.st_ino};
}

}  // namespace millrace
