// SPDX-License-Identifier: MIT
#include "engine/base/result.h"

#include <errno.h>
#include <system_error>

namespace millrace {
namespace {

ErrorKind kind_of_errno(int value) {
  switch (value) {
    case EACCES:
    case EPERM:
      return ErrorKind::denied;
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return ErrorKind::unavailable;
    case ETIMEDOUT:
      return ErrorKind::timeout;
    default:
      return ErrorKind::internal;
  }
}

}  // namespace

Failure fail_errno(std::string what, int errno_value, std::string remedy) {
  what += ": " + std::generic_category().message(errno_value);
  return fail(kind_of_errno(errno_value), std::move(what), std::move(remedy), errno_value);
}

}  // namespace millrace
