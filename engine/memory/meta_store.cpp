// SPDX-License-Identifier: MIT
#include "engine/memory/meta_store.h"

#include <algorithm>

#include "engine/memory/buffer.h"
#include "engine/memory/meta_node.h"

namespace millrace {
namespace {

/// Whether the bytes of the copy lie otherwise, or are not there.
bool lies_otherwise(const CopyTransform& how) {
  return how.region || how.merge || !how.memory;
}

/// Whether a copy loses the meta before anybody asks its own transform.
bool is_dropped(MetaTags tags, const CopyTransform& how) {
  if (tags.has(MetaTag::memory) && lies_otherwise(how)) return true;
  return tags.has(MetaTag::memory_reference) && how.deep;
}

template <class... Metas>
constexpr uint32_t places_about(MetaTag tag) {
  return ((Metas::facts.tags.has(tag) ? meta_bits::present(meta_place<Metas>) : 0U) | ...);
}

/// The common metas that a copy loses so.
uint32_t dropped_places(const CopyTransform& how) {
  constexpr auto about =
      places_about<VideoMeta, CropMeta, ParentBufferMeta, ReferenceTimestampMeta, TraceMeta>;
  return (lies_otherwise(how) ? about(MetaTag::memory) : 0U) |
         (how.deep ? about(MetaTag::memory_reference) : 0U);
}

bool is_plain(const CopyTransform& how) {
  return how.memory && !how.region && !how.deep && !how.merge;
}

}  // namespace

const VideoMeta* MetaStore::find_video(uint32_t id) const {
  for (const MetaView& meta : all()) {
    const auto* const video = meta.as<VideoMeta>();
    if (video && video->id == id) return video;
  }
  return nullptr;
}

/// What its type's check refuses is left out.
void MetaStore::give_transformed(const MetaView& meta, const MetaTransform& how, MetaStore& to,
                                 const Buffer& to_buffer) {
  const MetaType& type = meta.type();
  if (!type.transform) return;
  MetaNode* const changed = MetaNode::create(type, 0, {});
  if (!type.transform(meta.value(), how, changed->value())) return MetaNode::release(changed);
  if (!type.check || type.check(changed->value(), to_buffer)) to.add(type, changed->value());
  MetaNode::destroy(changed);
}

void MetaStore::transform_to(MetaStore& to, const MetaTransform& how,
                             const Buffer& to_buffer) const {
  const uint64_t end = end_of_ids();
  for (auto meta = next(0); meta && meta->id() < end; meta = next(meta->id() + 1)) {
    give_transformed(*meta, how, to, to_buffer);
  }
}

void MetaStore::copy_to(MetaStore& to, const CopyTransform& how, const Buffer& to_buffer) const {
  constexpr uint32_t places = meta_bits::all_places & ~meta_bits::need_destruction;
  if (is_plain(how) && (bits_ & meta_bits::all_places & ~places) == 0 && !chain_ &&
      (to.bits_ & meta_bits::all_places) == 0 && !to.chain_) {
    return copy_places(to);
  }
  if (!chain_ && (bits_ & meta_bits::all_places & ~dropped_places(how)) == 0) return;
  const uint64_t end = end_of_ids();
  for (auto meta = next(0); meta && meta->id() < end; meta = next(meta->id() + 1)) {
    if (!is_dropped(meta->type().facts.tags, how)) give_transformed(*meta, how, to, to_buffer);
  }
}

/// The usual case: metas that are just bytes, for a buffer with the same memory and no metas yet.
void MetaStore::copy_places(MetaStore& to) const {
  const uint32_t there = bits_ & meta_bits::all_places;
  if (find<VideoMeta>()) {
    if (places_.points_elsewhere()) {
      to.places_.point_to(*places_.at<VideoMeta>());
    } else {
      *to.places_.room<VideoMeta>() = *places_.at<VideoMeta>();
    }
  }
  if (find<CropMeta>()) *to.places_.room<CropMeta>() = *places_.at<CropMeta>();
  if (find<TraceMeta>()) *to.places_.room<TraceMeta>() = *places_.at<TraceMeta>();
  std::copy(std::begin(ids_), std::end(ids_), to.ids_);  // those of empty places mean nothing
  to.last_id_ = std::max(to.last_id_, last_id_);
  to.bits_ |= there;
}

void MetaStore::forget_planes_from(size_t index) {
  for (const MetaView& meta : all()) {
    const auto* const video = meta.as<VideoMeta>();
    if (!video) continue;
    const auto* const last = video->memory.begin() + video->layout.plane_count();
    if (std::any_of(video->memory.begin(), last, [index](size_t at) { return at >= index; })) {
      return remove_tagged(MetaTag::memory);
    }
  }
}

void MetaStore::copy_all_slowly(MetaStore& to, const Buffer& to_buffer) const {
  if ((bits_ & meta_bits::need_destruction) == 0 && !chain_) return copy_places(to);
  copy_to(to, {}, to_buffer);
}

}  // namespace millrace
