// SPDX-License-Identifier: MIT
// ReferenceTimestampMeta: when a frame was, by another clock than the pipeline's: a network's, a
// satellite's, the driver's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/export.h"
#include "engine/base/time.h"
#include "engine/memory/key_values.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

struct MILLRACE_API ReferenceTimestampMeta {
  static constexpr MetaFacts facts{
      .name = "ReferenceTimestampMeta", .api = "ReferenceTimestampMeta", .tags = {}, .version = 0};

  std::string reference;  ///< names the clock: "timestamp/x-ntp"
  Duration timestamp{};   ///< since that clock's own start
  std::optional<Duration> duration;
  KeyValues info;  ///< what else is known of it
  friend bool operator==(const ReferenceTimestampMeta&, const ReferenceTimestampMeta&) = default;

  /// Two that say the same are one.
  [[nodiscard]] static bool same(const ReferenceTimestampMeta& a, const ReferenceTimestampMeta& b) {
    return a == b;
  }

  /// What happens to a picture does not change when it was.
  [[nodiscard]] static std::optional<ReferenceTimestampMeta> transform(
      const ReferenceTimestampMeta& meta, const MetaTransform& how);

  static Result<> serialize(const ReferenceTimestampMeta& meta, ByteWriter& to);
  [[nodiscard]] static Result<ReferenceTimestampMeta> deserialize(ByteReader& from,
                                                                  uint8_t version);
};

}  // namespace millrace
