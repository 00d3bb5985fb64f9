// SPDX-License-Identifier: MIT
#include "hw/vaapi/status.h"

#include <array>
#include <charconv>
#include <utility>

namespace millrace::vaapi {
namespace {

std::string hexadecimal(VAStatus status) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                 static_cast<unsigned>(status), 16);
  return "0x" + std::string(digits.data(), end.ptr);
}

ErrorKind kind_of(VAStatus status) {
  switch (status) {
    case VA_STATUS_ERROR_TIMEDOUT:
      return ErrorKind::timeout;
    case VA_STATUS_ERROR_UNSUPPORTED_PROFILE:
    case VA_STATUS_ERROR_UNSUPPORTED_ENTRYPOINT:
    case VA_STATUS_ERROR_UNSUPPORTED_RT_FORMAT:
    case VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE:
    case VA_STATUS_ERROR_RESOLUTION_NOT_SUPPORTED:
    case VA_STATUS_ERROR_ATTR_NOT_SUPPORTED:
    case VA_STATUS_ERROR_UNIMPLEMENTED:
      return ErrorKind::unavailable;
    default:
      return ErrorKind::internal;
  }
}

}  // namespace

std::string describe(const std::string& act, VAStatus status) {
  return act + ": " + vaErrorStr(status) + " (" + hexadecimal(status) + ")";
}

Error with_words_of(const Display& display, Error error) {
  const std::string words = display.take_driver_words();
  if (!words.empty()) error.what += " (the driver says: " + words + ")";
  return error;
}

Failure fail_status(const std::string& act, VAStatus status, std::string remedy) {
  return fail(kind_of(status), describe(act, status), std::move(remedy), status);
}

}  // namespace millrace::vaapi
