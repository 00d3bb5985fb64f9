// SPDX-License-Identifier: MIT
// A VAStatus as an Error that names the act, the object and libva's own words.
#pragma once

#include <string>
#include <string_view>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/vaapi/display.h"

namespace millrace::vaapi {

/// "vaCreateConfig (H264High): the requested RT Format is not supported (0x0e)".
[[nodiscard]] MILLRACE_API std::string describe(const std::string& act, VAStatus status);

[[nodiscard]] MILLRACE_API Failure fail_status(const std::string& act, VAStatus status,
                                               std::string remedy = {});

/// The error with what the driver has said meanwhile behind it.
[[nodiscard]] MILLRACE_API Error with_words_of(const Display& display, Error error);

/// Success, or the failure of `act`.
[[nodiscard]] inline Result<> check(VAStatus status, std::string_view act) {
  if (status == VA_STATUS_SUCCESS) return {};
  return fail_status(std::string(act), status);
}

}  // namespace millrace::vaapi
