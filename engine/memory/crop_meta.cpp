// SPDX-License-Identifier: MIT
#include "engine/memory/crop_meta.h"

#include "engine/memory/rect_bytes.h"

namespace millrace {

std::optional<CropMeta> CropMeta::transform(const CropMeta& meta, const MetaTransform& how) {
  const std::optional<Rect> rect = transformed(meta.rect(), how);
  if (!rect) return std::nullopt;
  return CropMeta{rect->x, rect->y, rect->width, rect->height};
}

Result<> CropMeta::serialize(const CropMeta& meta, ByteWriter& to) {
  write_rect(meta.rect(), to);
  return {};
}

Result<CropMeta> CropMeta::deserialize(ByteReader& from, uint8_t /*version*/) {
  const Rect rect = MILLRACE_TRY(read_rect(from));
  return CropMeta{rect.x, rect.y, rect.width, rect.height};
}

}  // namespace millrace
