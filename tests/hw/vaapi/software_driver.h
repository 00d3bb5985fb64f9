// SPDX-License-Identifier: MIT
// Our software VA driver, opened without a device and with the knobs that a test needs.
#pragma once

#include <memory>
#include <string>

#include "hw/vaapi/display.h"

namespace millrace::vaapi::testing {

/// `knobs` as MILLRACE_VA_KNOBS has them: "validate=1,rc=cqp".
[[nodiscard]] Result<std::shared_ptr<Display>> open_software_driver(const std::string& knobs = {});

/// The same; a failure fails the test and ends the program, since nothing can be tested without.
[[nodiscard]] std::shared_ptr<Display> software_driver(const std::string& knobs = {});

}  // namespace millrace::vaapi::testing
