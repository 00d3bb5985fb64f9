// SPDX-License-Identifier: MIT
// CropMeta: the part of the picture to show: [x, x + width) x [y, y + height).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/export.h"
#include "engine/format/rect.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

struct MILLRACE_API CropMeta {
  static constexpr MetaFacts facts{.name = "CropMeta",
                                   .api = "CropMeta",
                                   .tags = {MetaTag::video, MetaTag::size, MetaTag::orientation},
                                   .version = 0};

  uint32_t x = 0;
  uint32_t y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const CropMeta&, const CropMeta&) = default;

  [[nodiscard]] Rect rect() const { return {x, y, width, height}; }

  /// Follows the picture; is gone where nothing of it is left.
  [[nodiscard]] static std::optional<CropMeta> transform(const CropMeta& meta,
                                                         const MetaTransform& how);

  static Result<> serialize(const CropMeta& meta, ByteWriter& to);
  [[nodiscard]] static Result<CropMeta> deserialize(ByteReader& from, uint8_t version);
};

}  // namespace millrace
