// SPDX-License-Identifier: MIT
// What the process tells its caller. README.md lists the codes; they never change their meaning.
#pragma once

#include "engine/base/result.h"

namespace millrace::app {

enum class ExitCode : int {
  done = 0,           ///< also after SIGINT, SIGTERM and SIGHUP, once the file is finalised
  failure = 1,        ///< none of the others
  usage = 2,          ///< an option, a configuration key or value
  unavailable = 3,    ///< no such device, driver, profile, decoder or file here
  denied = 4,         ///< it is there, but not for this user
  cancelled = 5,      ///< the user said no
  source_lost = 6,    ///< the source cannot be read, from its start or from some point on
  output_failed = 7,  ///< the output cannot be written
  expectation = 8,    ///< --require or --max-copies did not hold
  timeout = 9,        ///< something did not answer in time
};

[[nodiscard]] constexpr ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::internal:
    case ErrorKind::busy:
      return ExitCode::failure;
    case ErrorKind::usage:
      return ExitCode::usage;
    case ErrorKind::unavailable:
      return ExitCode::unavailable;
    case ErrorKind::denied:
      return ExitCode::denied;
    case ErrorKind::source_lost:
      return ExitCode::source_lost;
    case ErrorKind::output_failed:
      return ExitCode::output_failed;
    case ErrorKind::expectation:
      return ExitCode::expectation;
    case ErrorKind::timeout:
      return ExitCode::timeout;
    case ErrorKind::cancelled:
      return ExitCode::cancelled;
  }
  return ExitCode::failure;
}

}  // namespace millrace::app
