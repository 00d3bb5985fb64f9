// SPDX-License-Identifier: MIT
// Result<T>: a value, or an Error that names the act, the object and the remedy.
//
// A Result is for what the world may refuse (a file, a driver, a user's number). A promise of our
// own is a CHECK, and an ordinary "not now" or "end" is an empty Ref or a Flow, without any string.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

#include "engine/base/check.h"
#include "engine/base/export.h"

namespace millrace {

/// What went wrong, coarsely: it decides the exit code of the tool (app/exit_code.h).
enum class ErrorKind {
  internal,       ///< none of the others; exit 1
  usage,          ///< an option, a configuration key or value; exit 2
  unavailable,    ///< no such device, profile, format or protocol here; exit 3
  denied,         ///< it is there, but not for this user; exit 4
  source_lost,    ///< the source ended by a fault; what was recorded is kept; exit 6
  output_failed,  ///< the output cannot be written; exit 7
  expectation,    ///< --require, --max-copies: the run is not as demanded; exit 8
  busy,           ///< somebody else has it right now; nothing was changed, ask again
  timeout,        ///< something did not answer in time; exit 9
  cancelled,      ///< a stop was asked for
};

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string
      what;  ///< the act, the object and the reason: "import buffer 3 into iHD: pitch 322 …"
  std::string remedy;  ///< what the user may do now; empty where nothing is known
  int code = 0;        ///< errno, VAStatus or AVERROR where there is one

  /// A copy with `act` put before what happened: "record x.mkv: open encoder: …".
  [[nodiscard]] Error while_doing(const std::string& act) const {
    return Error{kind, act + ": " + what, remedy, code};
  }
};

template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;

  // Written out: `return {}` would otherwise clear the room of an Error first.
  Result() requires(std::is_void_v<T> || std::is_default_constructible_v<T>)
      : tl::expected<T, Error>() {}

  Result(tl::expected<T, Error> other) : tl::expected<T, Error>(std::move(other)) {}

  /// The value, moved out; there is one.
  T take() {
    MILLRACE_CHECK(this->has_value());
    if constexpr (!std::is_void_v<T>) return std::move(**this);
  }
};

using Failure = tl::unexpected<Error>;

[[nodiscard]] inline Failure fail(Error error) {
  return Failure(std::move(error));
}

[[nodiscard]] inline Failure fail(ErrorKind kind, std::string what, std::string remedy = {},
                                  int code = 0) {
  return Failure(Error{kind, std::move(what), std::move(remedy), code});
}

/// A failed system call: appends the text of errno, and makes EACCES and EPERM `denied`,
/// ENOENT, ENODEV and ENXIO `unavailable`.
[[nodiscard]] MILLRACE_API Failure fail_errno(std::string what, int errno_value,
                                              std::string remedy = {});

}  // namespace millrace

/// The value of a Result, or the enclosing function returns the error. One TRY a line.
#define MILLRACE_TRY(expression)                                       \
  __extension__({                                                      \
    auto&& millrace_try_result = (expression);                         \
    if (!millrace_try_result.has_value())                              \
      return ::millrace::fail(std::move(millrace_try_result.error())); \
    millrace_try_result.take();                                        \
  })
