// SPDX-License-Identifier: MIT
#include "engine/memory/key_value_meta.h"

namespace millrace {

std::optional<KeyValueMeta> KeyValueMeta::transform(const KeyValueMeta& meta,
                                                    const MetaTransform& how) {
  if (!std::holds_alternative<CopyTransform>(how)) return std::nullopt;
  return meta;
}

Result<> KeyValueMeta::serialize(const KeyValueMeta& meta, ByteWriter& to) {
  to.text(meta.topic);
  meta.values.write(to);
  return {};
}

Result<KeyValueMeta> KeyValueMeta::deserialize(ByteReader& from, uint8_t /*version*/) {
  KeyValueMeta meta;
  meta.topic = MILLRACE_TRY(from.text());
  meta.values = MILLRACE_TRY(KeyValues::read(from));
  return meta;
}

}  // namespace millrace
