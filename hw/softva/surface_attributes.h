// SPDX-License-Identifier: MIT
// What vaCreateSurfaces is asked for, and what vaQuerySurfaceAttributes answers.
#pragma once

#include <span>
#include <vector>

#include <va/va.h>

#include "engine/base/result.h"
#include "hw/softva/knobs.h"

namespace millrace::softva {

/// VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_3, which libva has since 2.21. Its descriptor starts like
/// that of PRIME_2, and the flags behind need nothing from us.
constexpr uint32_t memory_type_prime_3 = 0x08000000;

struct SurfaceRequest {
  uint32_t memory_type;
  const void* descriptor = nullptr;  ///< the client's, of the kind that memory_type says
};

[[nodiscard]] Result<SurfaceRequest> read_request(std::span<const VASurfaceAttrib> attributes);

[[nodiscard]] std::vector<VASurfaceAttrib> surface_attributes(const Knobs& knobs);

}  // namespace millrace::softva
