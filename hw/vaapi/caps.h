// SPDX-License-Identifier: MIT
// What a driver can encode, asked and never guessed from its name: profiles, entry points, their
// attributes, their surfaces. Each fact keeps the call that gave it and the raw answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/graph/provenance.h"
#include "hw/vaapi/display.h"
#include "hw/vaapi/h264_level.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

/// An answer of the driver; without a value where it does not know the attribute.
struct AttributeFact {
  std::optional<uint32_t> value;
  Provenance why;
};

/// One profile at one entry point. Entry points differ (low power), so each is asked again.
struct EncodeCaps {
  VAProfile profile = VAProfileNone;
  VAEntrypoint entrypoint = VAEntrypointEncSlice;
  AttributeFact rt_format;
  AttributeFact rate_control;
  AttributeFact packed_headers;
  AttributeFact max_references;  ///< low 16 bits: list 0; high 16 bits: list 1
  AttributeFact prediction_direction;
  AttributeFact max_slices;
  AttributeFact slice_structure;
  AttributeFact quality_range;
  AttributeFact max_width;
  AttributeFact max_height;
  AttributeFact max_frame_size;
  AttributeFact roi;

  [[nodiscard]] MILLRACE_API H264Profile h264_profile() const;
};

/// What the surfaces of a config may be.
struct SurfaceCaps {
  std::vector<uint32_t> pixel_formats;  ///< fourccs
  AttributeFact min_width, max_width, min_height, max_height;
  AttributeFact memory_types;  ///< VA_SURFACE_ATTRIB_MEM_TYPE_… bits

  [[nodiscard]] bool takes_memory(uint32_t type_bit) const {
    return (memory_types.value.value_or(0) & type_bit) != 0;
  }
};

/// Every way to encode H.264, in our order of preference: High before Main before Constrained
/// Baseline, the full entry point before low power. Empty where the driver only decodes.
[[nodiscard]] MILLRACE_API Result<std::vector<EncodeCaps>> probe_h264(const Display& display);

/// The attributes of surfaces of this config.
[[nodiscard]] MILLRACE_API Result<SurfaceCaps> probe_surfaces(const Display& display,
                                                              const Config& config);

/// Both of a config's size limits, as a failure when `size` is outside them.
[[nodiscard]] MILLRACE_API Result<> check_size(const SurfaceCaps& caps, SurfaceSize size);

}  // namespace millrace::vaapi
