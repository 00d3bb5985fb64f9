// SPDX-License-Identifier: MIT
// KeyValueMeta: named values of a user's own that need no struct. Copies of the buffer have copies
// of it; whatever else is done to the picture drops it. Who wants more writes a struct of his own,
// with KeyValues in it where that helps.
#pragma once

#include <optional>
#include <string>

#include "engine/base/export.h"
#include "engine/memory/key_values.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

struct MILLRACE_API KeyValueMeta {
  static constexpr MetaFacts facts{
      .name = "KeyValueMeta", .api = "KeyValueMeta", .tags = {}, .version = 0};

  std::string topic;  ///< what the values are about
  KeyValues values;
  friend bool operator==(const KeyValueMeta&, const KeyValueMeta&) = default;

  [[nodiscard]] static std::optional<KeyValueMeta> transform(const KeyValueMeta& meta,
                                                             const MetaTransform& how);

  static Result<> serialize(const KeyValueMeta& meta, ByteWriter& to);
  [[nodiscard]] static Result<KeyValueMeta> deserialize(ByteReader& from, uint8_t version);
};

}  // namespace millrace
