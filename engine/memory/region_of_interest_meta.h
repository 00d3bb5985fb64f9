// SPDX-License-Identifier: MIT
// RegionOfInterestMeta: something was found, or matters, in a part of the picture. A buffer may
// have many. The part follows the picture through cuts, scaling and matrices; where only a piece of
// it is left, that piece; where nothing is left, the meta goes. Its parameters stay as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/export.h"
#include "engine/format/rect.h"
#include "engine/memory/key_values.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

struct MILLRACE_API RegionOfInterestMeta {
  static constexpr MetaFacts facts{.name = "RegionOfInterestMeta",
                                   .api = "RegionOfInterestMeta",
                                   .tags = {MetaTag::video, MetaTag::orientation, MetaTag::size},
                                   .version = 0};

  Rect rect;
  std::string type;               ///< what it is: "face"
  int64_t id = 0;                 ///< as whoever found it counts
  std::optional<int64_t> parent;  ///< the id of the region that this one is in
  KeyValues params;               ///< whatever else is known of it
  friend bool operator==(const RegionOfInterestMeta&, const RegionOfInterestMeta&) = default;

  [[nodiscard]] static std::optional<RegionOfInterestMeta> transform(
      const RegionOfInterestMeta& meta, const MetaTransform& how);

  static Result<> serialize(const RegionOfInterestMeta& meta, ByteWriter& to);
  [[nodiscard]] static Result<RegionOfInterestMeta> deserialize(ByteReader& from, uint8_t version);
};

}  // namespace millrace
