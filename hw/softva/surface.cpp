// SPDX-License-Identifier: MIT
#include "hw/softva/surface.h"

#include <numeric>

#include "engine/base/checked.h"
#include "hw/softva/refusal.h"
#include "hw/softva/tiling.h"

namespace millrace::softva {

size_t row_bytes(Size size, int plane) {
  return plane == 0 ? size.width : (size_t{size.width} + 1) / 2 * 2;
}

size_t row_count(Size size, int plane) {
  return plane == 0 ? size.height : (size_t{size.height} + 1) / 2;
}

std::optional<Size> coded_size(Size size, Size step) {
  const auto width = checked_round_up(size.width, step.width);
  const auto height = checked_round_up(size.height, step.height);
  if (!width || !height) return std::nullopt;
  return Size{*width, *height};
}

Result<Layout> plan_layout(Size size, const LayoutRules& rules) {
  const auto coded = coded_size(size, rules.coded_step);
  if (!coded) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  const size_t pitch_step = std::lcm(rules.pitch_step, rules.tiled ? tile_width : 1);
  const size_t rows_step = std::lcm(rules.rows_step, rules.tiled ? tile_rows : 1);
  const auto pitch = checked_round_up(row_bytes(*coded, 1), pitch_step);
  const auto luma_rows = checked_round_up(size_t{coded->height}, rows_step);
  if (!pitch || !luma_rows) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  const auto chroma_rows =
      checked_round_up(*luma_rows / 2 + *luma_rows % 2, rules.tiled ? tile_rows : 1);
  const auto luma = checked_mul(*pitch, *luma_rows);
  const auto chroma = chroma_rows ? checked_mul(*pitch, *chroma_rows) : std::nullopt;
  const auto bytes = luma && chroma ? checked_add(*luma, *chroma) : std::nullopt;
  if (!bytes) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  return Layout{*pitch, *luma, *bytes};
}

Result<std::shared_ptr<Surface>> Surface::allocate(Size size, const LayoutRules& rules) {
  const Layout layout = MILLRACE_TRY(plan_layout(size, rules));
  const std::shared_ptr<FrameMemory> memory = MILLRACE_TRY(FrameMemory::allocate(layout.bytes));
  const std::array<Plane, 2> planes = {
      Plane{memory, 0, layout.pitch, rules.tiled},
      Plane{memory, layout.chroma_offset, layout.pitch, rules.tiled}};
  return std::make_shared<Surface>(size, planes, Origin::own);
}

}  // namespace millrace::softva
