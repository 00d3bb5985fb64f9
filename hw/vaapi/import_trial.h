// SPDX-License-Identifier: MIT
// Does this driver import memory of that heap? Tried, not assumed, with a picture of the size and
// layout that will be used.
#pragma once

#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"
#include "engine/graph/provenance.h"
#include "engine/memory/allocator.h"
#include "hw/vaapi/caps.h"
#include "hw/vaapi/handles.h"
#include "hw/vaapi/layout_probe.h"

namespace millrace::vaapi {

struct ImportTrial {
  std::string heap;  ///< "udmabuf", "memfd"
  bool passed = false;
  std::string answer;           ///< what came back, without the act
  Provenance why;               ///< the trial and the driver's answer to it
  std::string remedy{};         ///< what would let this machine have the heap
  std::string not_read_back{};  ///< of one that passed: why nobody knows what the driver sees
};

/// A picture of `size` as the driver likes it, in a block of `allocator`: imported, written, and
/// read back from the surface. One in which the driver finds something else has not passed.
[[nodiscard]] MILLRACE_API ImportTrial try_import(const SharedDisplay& display,
                                                  Allocator& allocator, SurfaceSize size,
                                                  const LayoutFacts& facts);

/// udmabuf, or why this machine does not have it, then memfd. A driver that does not list PRIME_2
/// among its memory types is not asked.
[[nodiscard]] MILLRACE_API std::vector<ImportTrial> try_imports(const SharedDisplay& display,
                                                                const SurfaceCaps& caps,
                                                                SurfaceSize size,
                                                                const LayoutFacts& facts);

/// NV12 of `size` with these alignments, and whole macroblocks: hardware reads those. Pure.
[[nodiscard]] MILLRACE_API Result<Layout> importable_layout(SurfaceSize size,
                                                            const LayoutFacts& facts);

}  // namespace millrace::vaapi
