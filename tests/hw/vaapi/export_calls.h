// SPDX-License-Identifier: MIT
// Every vaExportSurfaceHandle of this program, which stands between our library and libva: libva's
// own trace does not tell the parameters of that call.
#pragma once

#include <cstdint>
#include <vector>

#include <va/va.h>

namespace millrace::vaapi::testing {

struct ExportCall {
  VASurfaceID surface = VA_INVALID_SURFACE;
  uint32_t memory_type = 0;
  uint32_t flags = 0;
};

/// Since they were last asked for.
[[nodiscard]] std::vector<ExportCall> take_export_calls();

/// From now on an export gives the one file twice, as two objects.
void export_in_two_descriptors(bool wanted);

}  // namespace millrace::vaapi::testing
