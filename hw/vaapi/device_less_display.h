// SPDX-License-Identifier: MIT
// The display that libva's own functions cannot make: one without a DRM node.
#pragma once

#include <string>

#include <va/va.h>
#include <va/va_backend.h>
#include <va/va_drmcommon.h>

namespace millrace::vaapi {

/// Owns the three structs that libva would have allocated. Must outlive vaTerminate.
struct DeviceLessDisplay {
  explicit DeviceLessDisplay(std::string name);

  std::string driver_name;
  drm_state drm{};
  VADriverContext driver{};
  VADisplayContext display{};
};

}  // namespace millrace::vaapi
