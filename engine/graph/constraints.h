// SPDX-License-Identifier: MIT
// Constraints: what one port can live with, as a conjunction of facts. A port offers a list of such
// alternatives. A field that is empty demands nothing.
//
// How two ports' fields merge stands beside each: lcm for alignments (not all are powers of two),
// max for lower and min for upper bounds, equality, intersection or sum.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "engine/format/pixel_format.h"
#include "engine/graph/provenance.h"
#include "engine/observe/stage_scope.h"

namespace millrace {

using OptionalNumber = std::optional<Fact<uint64_t>>;
using OptionalFlag = std::optional<Fact<bool>>;
using PerPlane = std::array<OptionalNumber, max_planes>;

/// One acceptable kind of picture. Intersection on format and modifier; ranks are summed.
struct FormatChoice {
  PixelFormat format = PixelFormat::nv12;
  Modifier modifier = Modifier::linear;
  uint32_t rank = 0;  ///< smaller is liked better
  Provenance why;
};

enum class StridePolicy : uint8_t {
  exact_up,  ///< the stride is exactly the row's bytes rounded up to `value`
  fixed,     ///< the stride is exactly `value`
};

struct StrideDemand {
  StridePolicy policy = StridePolicy::fixed;
  uint64_t value = 1;
};

enum class ObjectLayout : uint8_t { one, per_plane };
enum class Contiguity : uint8_t { none, device, physical };
enum class CpuReadCost : uint8_t { cached, snooped, write_combined, uncached, unmappable };
enum class SyncKind : uint8_t { cpu_wait, implicit, sync_file, timeline };

struct AddressWindow {
  uint64_t first = 0;
  uint64_t last = UINT64_MAX;
};

struct LayoutConstraints {
  std::vector<FormatChoice> formats;                            // intersection; empty: any
  OptionalNumber visible_width, visible_height;                 // equal; pixels
  OptionalNumber width_min, width_max, height_min, height_max;  // max / min; pixels
  OptionalNumber coded_align_width, coded_align_height;         // lcm; pixels
  PerPlane stride_align;                                        // lcm; bytes
  PerPlane stride_min, stride_max;                              // max / min; bytes
  std::array<std::optional<Fact<StrideDemand>>, max_planes> stride_demand;  // must agree
  OptionalFlag stride_whole_pixels;                                         // or
  OptionalFlag stride_equal;                // or: all planes have the stride of plane 0
  OptionalFlag stride_derived;              // or: V4L2 single-planar, from plane 0
  PerPlane rows_align, rows_min;            // lcm / max; allocated rows
  PerPlane offset_align;                    // lcm; bytes
  PerPlane offset_fixed;                    // equal; bytes
  OptionalFlag offset_zero_first;           // or: plane 0 starts at 0
  OptionalFlag offset_whole_rows;           // or: offsets are multiples of the stride
  OptionalFlag planes_packed;               // or: no gap between planes
  std::vector<Fact<ObjectLayout>> objects;  // intersection; empty: any
  OptionalNumber tail_pad;                  // max; mapped bytes after the last row
  OptionalNumber alloc_min, alloc_max;      // max / min; bytes of a buffer
  OptionalNumber alloc_align;               // lcm, with the page; bytes
};

struct MemoryConstraints {
  std::vector<Fact<std::string>> heaps;               // intersection by name; empty: any
  std::optional<Fact<Contiguity>> contiguous;         // max
  std::optional<Fact<AddressWindow>> address_window;  // intersection
  OptionalNumber address_align;                       // lcm; bytes
  std::optional<Fact<CpuReadCost>> cpu_read_cost;     // worst
  OptionalFlag moves_between_windows;  // a lender's: mapped only while a CPU window is open
  OptionalFlag address_must_stay;      // refuses such memory: bytes are reached after the window
};

struct CountConstraints {
  OptionalNumber hold;                  // sum: kept longer than a hand-over
  OptionalNumber slack_own;             // sum
  OptionalNumber slack_shared;          // max
  OptionalNumber count_min, count_max;  // max / min
};

/// What the stage itself does when this alternative is chosen although it cannot share the memory:
/// it moves every frame once, and the copy is counted on its edge.
struct IngestCopy {
  std::string cause;   ///< why it cannot share: "driver refuses memfd import: …"
  std::string engine;  ///< who moves: "cpu vaPutImage"
  Provenance why;
};

/// One way in which a port can be served.
struct Alternative {
  std::string name;          ///< "import", "put-image"; for reports
  bool lends = false;        ///< its heaps are the stage's own: Stage::lend has their allocators
  observe::CpuAccess cpu{};  ///< CPU windows that only this way opens, beside the port's
  LayoutConstraints layout;
  MemoryConstraints memory;
  CountConstraints count;
  std::vector<Fact<SyncKind>> sync;    // first common by rank; empty: cpu_wait
  std::optional<Fact<Fraction>> rate;  // frames a second
  std::optional<IngestCopy> ingest_copy;
};

}  // namespace millrace
