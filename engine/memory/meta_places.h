// SPDX-License-Identifier: MIT
// MetaPlaces: where the common metas lie, inline and at addresses known to the compiler, and the
// bits that say which are there. The bytes of a place mean nothing without its bit.
#pragma once

#include <cstddef>
#include <cstdint>
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
    if constexpr (std::is_same_v<M, VideoMeta>) return video_;
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

/// One word: five bits of each kind, a bit a place, and some that are about all metas.
namespace meta_bits {

inline constexpr uint32_t all_places = 0x1f;

constexpr uint32_t present(int place) {
  return 1U << place;
}

constexpr uint32_t locked(int place) {
  return present(place) << 5;
}

constexpr uint32_t pooled(int place) {
  return present(place) << 10;
}

constexpr uint32_t read_only(int place) {
  return present(place) << 15;
}

/// Of a pooled one, whose first value is saved.
constexpr uint32_t edited(int place) {
  return present(place) << 20;
}

constexpr uint32_t all_of(int place) {
  return present(place) * 0x108421;
}

inline constexpr uint32_t chain_changed = 1U << 25;  ///< from what it is in a new buffer
inline constexpr uint32_t clears = 1U << 26;         ///< a pooled meta wants `clear` at each return
inline constexpr uint32_t has_home = 1U << 27;       ///< a pool marked what there was

/// Those whose destructors do something.
inline constexpr uint32_t need_destruction =
    present(meta_place<ParentBufferMeta>) | present(meta_place<ReferenceTimestampMeta>);

constexpr uint32_t of(MetaFlags flags, int place) {
  return (flags.locked ? locked(place) : 0) | (flags.pooled ? pooled(place) : 0) |
         (flags.read_only ? read_only(place) : 0);
}

constexpr MetaFlags flags(uint32_t bits, int place) {
  return {.read_only = (bits & read_only(place)) != 0,
          .pooled = (bits & pooled(place)) != 0,
          .locked = (bits & locked(place)) != 0};
}
}  // namespace meta_bits

}  // namespace millrace
