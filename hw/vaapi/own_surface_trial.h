// SPDX-License-Identifier: MIT
// Can frames be written straight into this driver's surfaces? Tried, not assumed: a surface of the
// real size is mapped, a pattern written at the corners of both planes, and what the driver itself
// then finds there read back, so that a surface that is tiled and does not say so is found out.
#pragma once

#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/provenance.h"
#include "hw/vaapi/handles.h"
#include "hw/vaapi/own_surface.h"

namespace millrace::vaapi {

struct OwnSurfaceTrial {
  struct Refusal {
    Reach reach = Reach::exported;
    std::string answer;
  };

  bool passed = false;
  Reach reach = Reach::exported;
  MemoryKind kind = MemoryKind::device;
  Layout layout;                  ///< of every surface of the size; `Layout::size` is all of it
  Provenance why;                 ///< what was tried last and how it went
  bool may_be_staged = false;     ///< by the driver, which is a copy that nothing shows
  std::string not_read_back;      ///< of one that passed: why nobody knows what the driver sees
  std::vector<Refusal> refusals;  ///< of the ways that do not work, the better one first
};

/// By export, then by derived images, unless `exports_only`.
[[nodiscard]] MILLRACE_API OwnSurfaceTrial try_own_surface(const SharedDisplay& display,
                                                           SurfaceSize size, bool exports_only);

/// By derived images alone.
[[nodiscard]] OwnSurfaceTrial try_derived_surface(const SharedDisplay& display, SurfaceSize size);

}  // namespace millrace::vaapi
