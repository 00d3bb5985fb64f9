// SPDX-License-Identifier: MIT
// Plane placing: the one computation behind tight, default and aligned layouts.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/result.h"
#include "engine/format/layout.h"

namespace millrace {

inline constexpr uint32_t largest_side = 65535;

struct PlacingRules {
  uint32_t width = 0;   ///< coded: with the padding
  uint32_t height = 0;  ///< rows in the buffer, with the padding
  uint16_t left = 0;    ///< whole groups of every plane
  uint16_t top = 0;
  uint32_t stride_step = 1;
  bool whole_groups = false;  ///< the next plane begins behind whole groups of rows
  bool chroma_pairs = false;  ///< and behind pairs of rows of subsampled planes: one of each field
  bool derived = false;       ///< all strides hold as many pixels as that of plane 0
  std::array<uint64_t, max_planes> stride_align{};  ///< powers of two; 0: any
  std::array<uint64_t, max_planes> offset_align{};  ///< likewise, of the first visible sample
};

inline constexpr uint32_t default_stride_step = 4;

/// Bytes from the start of a plane to its first visible sample.
[[nodiscard]] uint64_t padding_before(const PlaneFacts& plane, uint64_t stride, uint16_t left,
                                      uint16_t top);

/// Padding included. Errors: `usage`.
[[nodiscard]] Result<> check_sides(PixelFormat format, uint64_t width, uint64_t height);

/// For sides that check_sides takes. Errors: `usage` for what exceeds 32 bits of a stride or 64 of
/// an offset.
[[nodiscard]] Result<Layout> place_planes(PixelFormat format, const PlacingRules& rules);

}  // namespace millrace
