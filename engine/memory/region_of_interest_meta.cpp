// SPDX-License-Identifier: MIT
#include "engine/memory/region_of_interest_meta.h"

#include "engine/memory/rect_bytes.h"

namespace millrace {

std::optional<RegionOfInterestMeta> RegionOfInterestMeta::transform(
    const RegionOfInterestMeta& meta, const MetaTransform& how) {
  const std::optional<Rect> rect = transformed(meta.rect, how);
  if (!rect) return std::nullopt;
  RegionOfInterestMeta moved = meta;
  moved.rect = *rect;
  return moved;
}

Result<> RegionOfInterestMeta::serialize(const RegionOfInterestMeta& meta, ByteWriter& to) {
  write_rect(meta.rect, to);
  to.text(meta.type);
  to.i64(meta.id);
  to.optional_i64(meta.parent);
  meta.params.write(to);
  return {};
}

Result<RegionOfInterestMeta> RegionOfInterestMeta::deserialize(ByteReader& from,
                                                               uint8_t /*version*/) {
  RegionOfInterestMeta meta;
  meta.rect = MILLRACE_TRY(read_rect(from));
  meta.type = MILLRACE_TRY(from.text());
  meta.id = MILLRACE_TRY(from.i64());
  meta.parent = MILLRACE_TRY(from.optional_i64());
  meta.params = MILLRACE_TRY(KeyValues::read(from));
  return meta;
}

}  // namespace millrace
