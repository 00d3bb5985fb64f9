// SPDX-License-Identifier: MIT
// A surface of the driver's as a file: PRIME_2 export, separate layers.
#pragma once

#include <cstdint>

#include <va/va.h>
#include <va/va_drmcommon.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/format/layout.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

struct ExportedSurface {
  UniqueFd object;    ///< the one that both planes are in; every other descriptor is closed
  uint64_t size = 0;  ///< bytes of the object, by seeking: drivers round what they say
  Layout layout;      ///< `Layout::size` is all of the object
};

/// `access` is VA_EXPORT_SURFACE_READ_ONLY or VA_EXPORT_SURFACE_WRITE_ONLY. Errors: `unavailable`
/// for a surface that is tiled, of an unknown modifier, or in several objects: two descriptors
/// of one file are one object.
[[nodiscard]] MILLRACE_API Result<ExportedSurface> export_surface(const SharedDisplay& display,
                                                                  const Surface& surface,
                                                                  SurfaceSize size,
                                                                  uint32_t access);

/// Where an export says that the planes of a picture of `size` are, in an object of `bytes`. Pure.
[[nodiscard]] MILLRACE_API Result<Layout> read_export(const VADRMPRIMESurfaceDescriptor& described,
                                                      SurfaceSize size, uint64_t bytes);

}  // namespace millrace::vaapi
