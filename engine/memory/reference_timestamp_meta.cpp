// SPDX-License-Identifier: MIT
#include "engine/memory/reference_timestamp_meta.h"

namespace millrace {

std::optional<ReferenceTimestampMeta> ReferenceTimestampMeta::transform(
    const ReferenceTimestampMeta& meta, const MetaTransform& /*how*/) {
  return meta;
}

Result<> ReferenceTimestampMeta::serialize(const ReferenceTimestampMeta& meta, ByteWriter& to) {
  to.text(meta.reference);
  to.i64(meta.timestamp.count());
  to.optional_i64(meta.duration ? std::optional(meta.duration->count()) : std::nullopt);
  meta.info.write(to);
  return {};
}

Result<ReferenceTimestampMeta> ReferenceTimestampMeta::deserialize(ByteReader& from,
                                                                   uint8_t /*version*/) {
  ReferenceTimestampMeta meta;
  meta.reference = MILLRACE_TRY(from.text());
  meta.timestamp = Duration(MILLRACE_TRY(from.i64()));
  const std::optional<int64_t> duration = MILLRACE_TRY(from.optional_i64());
  if (duration) meta.duration = Duration(*duration);
  meta.info = MILLRACE_TRY(KeyValues::read(from));
  return meta;
}

}  // namespace millrace
