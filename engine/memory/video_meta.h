// SPDX-License-Identifier: MIT
// VideoMeta: how a buffer's bytes are a picture.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

/// One plane of a picture: bytes [offset, offset + extent) of what a buffer shows of `memory`.
struct VideoPlane {
  size_t memory = 0;
  uint64_t offset = 0;
  uint32_t stride = 0;
  uint64_t extent = 0;  ///< from the first visible sample to the end of the last visible row;
                        ///< UINT64_MAX where 64 bits cannot tell
};

struct MILLRACE_API VideoMeta {
  static constexpr MetaFacts facts{
      .name = "VideoMeta",
      .api = "VideoMeta",
      .tags = {MetaTag::video, MetaTag::memory, MetaTag::colorspace, MetaTag::size},
      .version = 0};

  uint32_t width = 0;  ///< visible pixels
  uint32_t height = 0;
  Layout layout;
  std::array<uint8_t, max_planes> memory{};  ///< in which of the buffer's memories each plane lies
  uint32_t id = 0;  ///< of several pictures in one buffer; `find` gives the lowest
  friend bool operator==(const VideoMeta&, const VideoMeta&) = default;

  [[nodiscard]] VideoPlane plane(size_t index) const;

  /// All bytes of a plane with its padding.
  [[nodiscard]] uint64_t plane_size(size_t index) const { return layout.plane.at(index).bytes(); }

  /// Errors: a plane that does not lie inside of its memory with its padding, whose rows overlap or
  /// are fewer than the visible ones; a coded size or a size that the rest contradicts.
  [[nodiscard]] static Result<> check(const VideoMeta& meta, const Buffer& buffer);

  /// It speaks of bytes, so only copies keep it; what changes pictures attaches a new one.
  [[nodiscard]] static std::optional<VideoMeta> transform(const VideoMeta& meta,
                                                          const MetaTransform& how);

  static Result<> serialize(const VideoMeta& meta, ByteWriter& to);
  [[nodiscard]] static Result<VideoMeta> deserialize(ByteReader& from, uint8_t version);

  [[nodiscard]] static bool precedes(const VideoMeta& a, const VideoMeta& b) { return a.id < b.id; }
};

static_assert(sizeof(VideoMeta) <= 112, "it lies inline in every buffer");

}  // namespace millrace
