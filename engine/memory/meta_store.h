// SPDX-License-Identifier: MIT
// MetaStore: the metas of one buffer, by their types.
//
// To find a common one is a test of a bit and a constant address; see MetaItems for where they lie,
// and for all that concerns metas of any type.
//
// A pointer to a meta lasts until a meta of the same type is added or removed.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/checked_video_meta.h"
#include "engine/memory/meta_items.h"

namespace millrace {

class MILLRACE_API MetaStore : public MetaItems {
 public:
  using MetaItems::remove;

  /// The first of its type, or null. Of several VideoMetas the one with the lowest id.
  template <Meta M>
  [[nodiscard]] const M* find() const {
    if constexpr (meta_place<M> >= 0) {
      return bits_ & meta_bits::present(meta_place<M>) ? places_.at<M>() : nullptr;
    } else {
      return static_cast<const M*>(MetaItems::find(meta_type<M>));
    }
  }

  /// The VideoMeta with this id of its own, or null.
  [[nodiscard]] const VideoMeta* find_video(uint32_t id) const;

  /// The first of its type, to be changed in place. Errors: there is none; `denied` for a read-only
  /// one. The pool's are restored when the buffer comes home. One with a `check` is only replaced:
  /// Buffer::set.
  template <Meta M>

  requires(!is_checked_meta<M>) [[nodiscard]] Result<M*> edit() { return edit_any<M>(); }

  /// Takes the first of its type away, if there is one. Errors: `denied` for a locked one.
  template <Meta M>
  Result<> remove() {
    if constexpr (meta_place<M> >= 0 && std::is_trivially_copyable_v<M>) {
      constexpr uint32_t flags =
          meta_bits::all_of(meta_place<M>) ^ meta_bits::present(meta_place<M>);
      if ((bits_ & (flags | meta_bits::chain_changed)) == 0) [[likely]] {
        bits_ &= ~meta_bits::present(meta_place<M>);
        return {};
      }
    }
    return MetaItems::remove(meta_type<M>);
  }

  /// Gives `to` what of these metas holds for it after `how`, behind those that it has; what its
  /// type's check refuses there is left out.
  void transform_to(MetaStore& to, const MetaTransform& how, const Buffer& to_buffer) const;

  /// The same after a copy: metas about memory are dropped where the bytes lie otherwise, those
  /// about these very bytes where they were copied.
  void copy_to(MetaStore& to, const CopyTransform& how, const Buffer& to_buffer) const;

 private:
  using MetaItems::add;
  friend class Buffer;
  friend struct BufferCopier;

  /// One more; where its type has `same` and its like is there, that one. Nobody asks its `check`:
  /// the buffer does that.
  template <Meta M>
  M* add(const M& meta) {
    if constexpr (meta_place<M> >= 0 && std::is_trivially_copyable_v<M>) {
      if (!says(meta_bits::present_from(meta_place<M>))) [[likely]] {
        M* const place = new (places_.room<M>()) M(meta);
        ids_[meta_place<M>] = 0;
        bits_ |= meta_bits::present(meta_place<M>);
        return place;
      }
    }
    return add(meta, {});
  }

  template <Meta M>
  M* add(const M& meta, MetaFlags flags) {
    return add_slowly(M(meta), flags);
  }

  template <Meta M>

  requires(!std::is_trivially_copyable_v<M>) M* add(M&& meta) {
    return add_slowly(std::forward<M>(meta), {});
  }

  /// Takes a VideoMeta that is kept for good without copying it, as the first meta of all.
  void point_to(const VideoMeta& kept) {
    constexpr int place = meta_place<VideoMeta>;
    places_.point_to(kept);
    ids_[place] = 0;
    bits_ |= meta_bits::present(place);
  }

  /// In place of the first of its type, or one more. Errors: `denied` for a read-only one.
  template <Meta M>
  Result<M*> set(M meta) {
    if (!find<M>()) return add<M>(std::move(meta));
    M* const old = MILLRACE_TRY(edit_any<M>());
    *old = std::move(meta);
    return old;
  }

  template <Meta M>
  Result<M*> edit_any() {
    Result<void*> meta = MetaItems::edit(meta_type<M>);
    if (!meta) return fail(std::move(meta.error()));
    return static_cast<M*>(*meta);
  }

  /// The VideoMeta that stays until the process ends, unless the word of bits says one of
  /// `against`; null without such a one.
  [[nodiscard]] const VideoMeta* kept_video_unless(uint32_t against) const {
    constexpr uint32_t video = meta_bits::present(meta_place<VideoMeta>);
    return (bits_ & (video | against)) == video && places_.points_elsewhere()
               ? places_.at<VideoMeta>()
               : nullptr;
  }

  /// All of them for a buffer that shows the same bytes and has none yet.
  void copy_all_to(MetaStore& to, const Buffer& to_buffer) const {
    constexpr uint32_t video = meta_bits::present(meta_place<VideoMeta>);
    const uint32_t there = bits_ & meta_bits::all_places;
    if (there == 0 && !chain_) return;
    if (there != video || chain_ || !places_.points_elsewhere()) [[unlikely]]
      return copy_all_slowly(to, to_buffer);
    to.point_to(*places_.at<VideoMeta>());
  }

  template <Meta M>
  [[gnu::noinline]] M* add_slowly(M meta, MetaFlags flags) {
    return static_cast<M*>(MetaItems::add(meta_type<M>, &meta, flags));
  }

  /// Metas about memory go where planes lie in memories from number `index` on, which are others
  /// now.
  void forget_planes_from(size_t index);
  static void give_transformed(const MetaView& meta, const MetaTransform& how, MetaStore& to,
                               const Buffer& to_buffer);
  void copy_places(MetaStore& to) const;
  void copy_all_slowly(MetaStore& to, const Buffer& to_buffer) const;
};

}  // namespace millrace
