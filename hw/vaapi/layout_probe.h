// SPDX-License-Identifier: MIT
// How the driver lays out linear NV12: learned from surfaces of its own, since no VA attribute
// says.
//
// Problem: an importer demands a stride alignment (256 on AMD, 128 on Intel) that nothing reports
// until an import fails. Approach: surfaces of several sizes are created, their strides and the row
// where UV starts are read from a derived image (else from an export), and the greatest common
// divisor of each is the alignment. The sizes are chosen so that, in units of any likely alignment,
// they have no common divisor of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/graph/provenance.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

/// One surface of the driver's own.
struct LayoutSample {
  SurfaceSize size;
  uint64_t stride = 0;     ///< of Y; bytes
  uint64_t uv_stride = 0;  ///< bytes
  uint64_t uv_offset = 0;  ///< bytes from the start of Y
};

struct LayoutFacts {
  Fact<uint64_t> stride_align;  ///< bytes
  Fact<uint64_t> rows_align;    ///< rows of Y that are allocated
};

/// The widths and heights of the samples.
inline constexpr uint32_t sample_sides[] = {130, 322, 386};

/// `call` is what the samples were read with. Nothing where they contradict each other, such as a
/// UV plane that does not start at a whole row. Pure.
[[nodiscard]] MILLRACE_API std::optional<LayoutFacts> infer_layout(
    std::span<const LayoutSample> samples, const std::string& call);

/// Asks the driver; where it answers neither way, what the drivers' sources say.
[[nodiscard]] MILLRACE_API LayoutFacts probe_layout(const SharedDisplay& display);

}  // namespace millrace::vaapi
