// SPDX-License-Identifier: MIT
#include "engine/memory/meta_places.h"

#include <array>
#include <new>

#include "engine/memory/buffer.h"

namespace millrace {
namespace {

template <class... M>
constexpr std::array<const MetaType*, meta_places> by_place() {
  std::array<const MetaType*, meta_places> types{};
  ((types[static_cast<size_t>(meta_place<M>)] = &meta_type<M>), ...);
  return types;
}

constexpr std::array types =
    by_place<VideoMeta, CropMeta, ParentBufferMeta, ReferenceTimestampMeta, TraceMeta>();

}  // namespace

const MetaType& MetaPlaces::type(int place) {
  return *types[static_cast<size_t>(place)];
}

const void* MetaPlaces::at(int place) const {
  if (place == meta_place<VideoMeta>) return video_;
  return const_cast<MetaPlaces*>(this)->room(place);
}

void* MetaPlaces::room(int place) {
  switch (place) {
    case meta_place<VideoMeta>:
      return room<VideoMeta>();
    case meta_place<CropMeta>:
      return room<CropMeta>();
    case meta_place<ParentBufferMeta>:
      return room<ParentBufferMeta>();
    case meta_place<ReferenceTimestampMeta>:
      return room<ReferenceTimestampMeta>();
    default:
      return room<TraceMeta>();
  }
}

void* MetaPlaces::own(int place) {
  if (place == meta_place<VideoMeta> && points_elsewhere()) {
    const VideoMeta& kept = *video_;
    return new (room<VideoMeta>()) VideoMeta(kept);
  }
  return room(place);
}

}  // namespace millrace
