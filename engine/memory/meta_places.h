// SPDX-License-Identifier: MIT
// MetaPlaces: where the common metas lie, inline and at addresses known to the compiler. The bytes
// of a place mean nothing without its bit (meta_bits.h).
#pragma once

#include <cstddef>
#include <type_traits>

#include "engine/memory/crop_meta.h"
#include "engine/memory/meta_type.h"
#include "engine/memory/parent_buffer_meta.h"
#include "engine/memory/reference_timestamp_meta.h"
#include "engine/memory/trace_meta.h"
#include "engine/memory/video_meta.h"

namespace millrace {

template <>
inline constexpr int meta_place<VideoMeta> = 0;
template <>
inline constexpr int meta_place<CropMeta> = 1;
template <>
inline constexpr int meta_place<ParentBufferMeta> = 2;
template <>
inline constexpr int meta_place<ReferenceTimestampMeta> = 3;
template <>
inline constexpr int meta_place<TraceMeta> = 4;

inline constexpr int meta_places = 5;

template <class M>
struct MetaPlace {
  // Neither made nor destroyed with the place: that is what the bits are for.
  MetaPlace() {}

  ~MetaPlace() {}

  MetaPlace(const MetaPlace&) = delete;
  MetaPlace& operator=(const MetaPlace&) = delete;

  union {
    M meta;
  };
};

/// The VideoMeta may also lie elsewhere, in a CheckedVideoMeta that is kept for good.
class MetaPlaces : private MetaPlace<CropMeta>,
                   private MetaPlace<VideoMeta>,
                   private MetaPlace<ParentBufferMeta>,
                   private MetaPlace<ReferenceTimestampMeta>,
                   private MetaPlace<TraceMeta> {
 public:
  template <class M>
  [[nodiscard]] const M* at() const {
    if constexpr (std::is_same_v<M, VideoMeta>) {
      if (!video_) __builtin_unreachable();  // whoever tests what he got for null tests its bit
      return video_;
    }
    return &static_cast<const MetaPlace<M>&>(*this).meta;
  }

  /// The room in the buffer itself, for a meta that is about to be put there.
  template <class M>
  [[nodiscard]] M* room() {
    M* const room = &static_cast<MetaPlace<M>&>(*this).meta;
    if constexpr (std::is_same_v<M, VideoMeta>) video_ = room;
    return room;
  }

  void point_to(const VideoMeta& kept) { video_ = &kept; }

  [[nodiscard]] bool points_elsewhere() const {
    return video_ != &static_cast<const MetaPlace<VideoMeta>&>(*this).meta;
  }

  [[nodiscard]] const void* at(int place) const;
  [[nodiscard]] void* room(int place);

  /// Where the meta of the place may be changed: in the buffer itself.
  [[nodiscard]] void* own(int place);

  /// Of the meta that has the place.
  [[nodiscard]] static const MetaType& type(int place);

 private:
  const VideoMeta* video_;
};

}  // namespace millrace
