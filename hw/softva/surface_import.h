// SPDX-License-Identifier: MIT
// Importing a client's memory as a surface. The rule is that of the stricter hardware drivers, so
// that a layout that passes here passes there: one pitch, a multiple of the knob `stride`, for both
// planes; chroma begins on a whole row of it; linear; objects as large as their planes need.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "hw/softva/knobs.h"
#include "hw/softva/surface.h"
#include "hw/softva/surface_attributes.h"

namespace millrace::softva {

/// `size` is what the call says; the descriptor must agree. Refuses with INVALID_PARAMETER and the
/// numbers, UNSUPPORTED_MEMORY_TYPE where the knob `import` forbids it, or ALLOCATION_FAILED. The
/// client keeps its descriptors.
[[nodiscard]] Result<std::shared_ptr<Surface>> import_surface(const SurfaceRequest& request,
                                                              Size size, const Knobs& knobs);

}  // namespace millrace::softva
