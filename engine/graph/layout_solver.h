// SPDX-License-Identifier: MIT
// The layout solver: the constraints of everybody who touches a buffer in, one layout out.
//
// A pure function in checked 64-bit arithmetic, in six steps, each a function of the ones before:
// coded size, shortest rows, strides, allocated rows, offsets, sizes. A step that fails names the
// constraints that it used. Example: NV12 1366x768, an encoder that wants strides in multiples of
// 256 and a coded size in multiples of 16: coded 1376x768, stride 1536, chroma at 1179648.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/conflict.h"
#include "engine/graph/constraints.h"
#include "engine/graph/plan.h"

namespace millrace {

struct LayoutProblem {
  PixelFormat format = PixelFormat::nv12;
  Provenances format_why;  ///< never empty
  std::vector<const LayoutConstraints*> members;
  Fact<uint64_t> page_size{4096, {}};
};

struct SolvedLayout {
  Figure width, height;
  Figure coded_width, coded_height;
  std::array<PlanPool::Plane, max_planes> plane;
  ObjectLayout objects = ObjectLayout::one;
  Figure size;
  Figure alloc;
};

/// Bytes of one buffer, and of one stride, that the interfaces below can express:
/// v4l2_plane.length, VADRMPRIMESurfaceDescriptor and drm_mode_fb_cmd2 carry 32 bits.
inline constexpr uint64_t largest_buffer = UINT32_MAX;

[[nodiscard]] MILLRACE_API Solved<SolvedLayout> solve_layout(const LayoutProblem& problem);

}  // namespace millrace
