// SPDX-License-Identifier: MIT
#include "engine/memory/meta_transform.h"

#include <algorithm>
#include <limits>

namespace millrace {
namespace {

/// Rounded down, as GStreamer does; a side that does not vanish keeps a pixel.
std::optional<uint32_t> scaled(uint32_t value, uint32_t from, uint32_t to) {
  const uint64_t result = uint64_t{value} * to / std::max(from, 1U);
  if (result > std::numeric_limits<uint32_t>::max()) return std::nullopt;
  return static_cast<uint32_t>(result);
}

struct AfterTransform {
  const Rect& rect;

  std::optional<Rect> operator()(const CopyTransform& /*how*/) const { return rect; }

  std::optional<Rect> operator()(const UserTransform& /*how*/) const { return std::nullopt; }

  std::optional<Rect> operator()(const CropTransform& how) const {
    return left_of(
        {int64_t{rect.x} - how.part.x, int64_t{rect.y} - how.part.y, rect.width, rect.height},
        {0, 0, how.part.width, how.part.height});
  }

  std::optional<Rect> operator()(const ScaleTransform& how) const {
    const auto x = scaled(rect.x, how.from_width, how.to_width);
    const auto y = scaled(rect.y, how.from_height, how.to_height);
    const auto width = scaled(rect.width, how.from_width, how.to_width);
    const auto height = scaled(rect.height, how.from_height, how.to_height);
    if (!x || !y || !width || !height || *width == 0 || *height == 0) return std::nullopt;
    return Rect{*x, *y, *width, *height};
  }

  std::optional<Rect> operator()(const MatrixTransform& how) const {
    const ClippedRect seen = clip(FreeRect{rect.x, rect.y, rect.width, rect.height}, how.from);
    if (seen.clipping == Clipping::outside) return std::nullopt;
    const auto moved =
        how.matrix(FreeRect{seen.rect.x, seen.rect.y, seen.rect.width, seen.rect.height});
    return moved ? left_of(*moved, how.to) : std::nullopt;
  }

  static std::optional<Rect> left_of(const FreeRect& moved, const Rect& picture) {
    const ClippedRect left = clip(moved, picture);
    if (left.clipping == Clipping::outside) return std::nullopt;
    return left.rect;
  }
};

}  // namespace

std::optional<Rect> transformed(const Rect& rect, const MetaTransform& how) {
  return std::visit(AfterTransform{rect}, how);
}

}  // namespace millrace
