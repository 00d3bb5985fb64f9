// SPDX-License-Identifier: MIT
#include "hw/softva/surface.h"

#include <string>

#include "engine/base/checked.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {

size_t row_bytes(Size size, int plane) {
  return plane == 0 ? size.width : (size_t{size.width} + 1) / 2 * 2;
}

size_t row_count(Size size, int plane) {
  return plane == 0 ? size.height : (size_t{size.height} + 1) / 2;
}

Result<Layout> plan_layout(Size size, size_t pitch_step) {
  constexpr size_t luma_rows_step = 32;
  const auto pitch = checked_round_up(row_bytes(size, 1), pitch_step);
  const auto luma_rows = checked_round_up(size_t{size.height}, luma_rows_step);
  if (!pitch || !luma_rows) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  const auto luma = checked_mul(*pitch, *luma_rows);
  const auto chroma = checked_mul(*pitch, *luma_rows / 2);
  if (!luma || !chroma) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  const auto bytes = checked_add(*luma, *chroma);
  if (!bytes) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  return Layout{*pitch, *luma, *bytes};
}

Result<std::shared_ptr<Surface>> Surface::allocate(Size size, size_t pitch_step) {
  const Layout layout = MILLRACE_TRY(plan_layout(size, pitch_step));
  const std::shared_ptr<FrameMemory> memory = MILLRACE_TRY(FrameMemory::allocate(layout.bytes));
  const std::array<Plane, 2> planes = {Plane{memory, 0, layout.pitch},
                                       Plane{memory, layout.chroma_offset, layout.pitch}};
  return std::make_shared<Surface>(size, planes, Origin::own);
}

}  // namespace millrace::softva
