// SPDX-License-Identifier: MIT
// MetaItems: what all metas of a buffer have in common, whatever their types: MetaStore's base.
//
// The first meta of each common type lies inline (meta_places.h). Further ones, and users' own, lie
// in a chain of recycled nodes, so that no meta costs a heap allocation in steady state. Confined,
// as the buffer is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/meta_bits.h"
#include "engine/memory/meta_places.h"
#include "engine/memory/meta_view.h"

namespace millrace {

struct MetaNode;

class MILLRACE_API MetaItems {
 public:
  MetaItems(const MetaItems&) = delete;
  MetaItems& operator=(const MetaItems&) = delete;

  [[nodiscard]] size_t count() const;

  /// The oldest first.
  [[nodiscard]] MetaRange all() const { return {*this, {}}; }

  /// Those that are about `api`, whichever structs say it.
  [[nodiscard]] MetaRange of_api(std::string_view api) const { return {*this, api}; }

  /// The oldest whose MetaView::id is at least this.
  [[nodiscard]] std::optional<MetaView> next(uint64_t least_id) const;

  struct Removed {
    size_t count = 0;
    size_t locked = 0;  ///< wanted, but still there
  };

  /// Asks about each, the oldest first, and removes the wanted ones, unless they are locked.
  Removed remove_if(const std::function<bool(const MetaView&)>& wanted);

  /// Removes the one with this MetaView::id. Errors: there is none; `denied` for a locked one.
  [[nodiscard]] Result<> remove(uint64_t id);

  /// Removes those with the tag, also locked ones: it says that they no longer hold.
  void remove_tagged(MetaTag tag);

  /// Errors: there is none; `denied` for a pooled one, whose flags are the pool's.
  [[nodiscard]] Result<> set_flags(uint64_t id, MetaFlags flags);

  /// Takes every one away, whatever its flags.
  void clear();

  // --- for the pool -----------------------------------------------------------------------------

  /// Marks what there is as the pool's: pooled and locked. Once, when the buffer is new.
  void pool_all();

  /// True when all is as `pool_all` left it.
  [[nodiscard]] bool is_home() const { return bits_ == home_bits_; }

  /// Makes it so again: what was added goes, even if locked, what was edited is as it was.
  void reset_to_pooled();

  // --- for the buffer ---------------------------------------------------------------------------

  /// True when one of these bits of the word is set.
  [[nodiscard]] bool says(uint32_t bits) const { return (bits_ & bits) != 0; }

  /// Sets bits of meta_bits::of_the_buffer, or takes them away.
  void say(uint32_t bits, bool so) { bits_ = so ? bits_ | bits : bits_ & ~bits; }

 protected:
  MetaItems() {}

  ~MetaItems() {
    if ((bits_ & meta_bits::need_destruction) != 0 || chain_ || saved_) destroy_all();
  }

  /// Moves `*meta`, which is of this type, in.
  void* add(const MetaType& type, void* meta, MetaFlags flags = {});
  [[nodiscard]] const void* find(const MetaType& type) const;
  [[nodiscard]] Result<void*> edit(const MetaType& type);
  Result<> remove(const MetaType& type);
  void destroy_all();

  [[nodiscard]] uint64_t id_of_place(int place) const {
    return ids_[place] != 0 ? ids_[place] : last_id_ + 1 + static_cast<uint64_t>(place);
  }

  /// Above the ids of all that are there.
  [[nodiscard]] uint64_t end_of_ids() const { return last_id_ + 1 + meta_places; }

  uint32_t bits_ = 0;  ///< meta_bits
  uint32_t home_bits_ = 0;
  uint64_t last_id_ = 0;       ///< the highest that was given
  MetaNode* chain_ = nullptr;  ///< the oldest first
  MetaNode* saved_ = nullptr;  ///< what pooled metas were before they were edited
  MetaPlaces places_;
  /// Of those that are there. 0: not numbered yet, as those are which were added the short way,
  /// each in a later place than any before it, so that the places tell their order.
  uint64_t ids_[meta_places];

 private:
  struct Slot;
  [[nodiscard]] Slot in_place(int place);
  void number_all();
  [[nodiscard]] Slot oldest(uint64_t least_id);
  [[nodiscard]] Slot first_of(const MetaType& type);
  [[nodiscard]] Slot first_in_chain(const MetaType& type);
  [[nodiscard]] Slot with_id(uint64_t id);
  void* put(const Slot& from);
  void* move_to_place(const Slot& from);
  void* move_to_chain(const Slot& from);
  void empty_place(const MetaType& type);
  void drop_node(MetaNode* node);
  void take_out(const Slot& slot);
  void save(const Slot& slot);
  void restore_saved();
  bool leave_added_places();
};

}  // namespace millrace
