// SPDX-License-Identifier: MIT
// Exporting a surface's memory.
#pragma once

#include <cstdint>

#include <va/va_drmcommon.h>

#include "engine/base/result.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

/// As PRIME_2 with the VA_EXPORT_SURFACE_ `flags`; separate layers where none are asked for. Each
/// fd is new and the client's to close; on a refusal none is open. `claims_linear`: says so of a
/// tiled surface too.
[[nodiscard]] Result<VADRMPRIMESurfaceDescriptor> export_surface(const Surface& surface,
                                                                 uint32_t flags,
                                                                 bool claims_linear);

}  // namespace millrace::softva
