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
  to.u8(meta.duration ? 1 : 0);
  to.i64(meta.duration.value_or(Duration{}).count());
  meta.info.write(to);
  return {};
}

Result<ReferenceTimestampMeta> ReferenceTimestampMeta::deserialize(ByteReader& from,
                                                                   uint8_t /*version*/) {
  ReferenceTimestampMeta meta;
  meta.reference = MILLRACE_TRY(from.text());
  meta.timestamp = Duration(MILLRACE_TRY(from.i64()));
  const bool has_duration = MILLRACE_TRY(from.u8()) != 0;
  const Duration duration(MILLRACE_TRY(from.i64()));
  if (has_duration) meta.duration = duration;
  meta.info = MILLRACE_TRY(KeyValues::read(from));
  return meta;
}

}  // namespace millrace
