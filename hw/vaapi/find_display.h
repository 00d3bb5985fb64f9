// SPDX-License-Identifier: MIT
// Which display to encode on: any hardware that can, else our software driver.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/vaapi/display.h"

namespace millrace::vaapi {

struct FoundDisplay {
  std::shared_ptr<Display> display;
  /// Every place that was tried before and why it was left, one sentence each.
  std::vector<std::string> passed_over;
};

/// With `device` only that node; without, the render nodes from 128 to 135, then no device at all.
/// Hardware is preferred wherever it is; the software driver is looked for last, and says so in the
/// log, as a warning. Errors: `unavailable` or `denied`, with everything that was tried.
[[nodiscard]] MILLRACE_API Result<FoundDisplay> find_display(const std::string& device);

}  // namespace millrace::vaapi
