// SPDX-License-Identifier: MIT
// The pool's part of MetaItems: what is there when the buffer is new is there, as it was, each time
// the buffer is lent.
#include <fmt/format.h>

#include "engine/memory/meta_items.h"
#include "engine/memory/meta_node.h"
#include "engine/memory/meta_slot.h"

namespace millrace {

using namespace meta_bits;

void MetaItems::pool_all() {
  constexpr MetaFlags pools{.read_only = false, .pooled = true, .locked = true};
  uint32_t clearing = 0;
  for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) {
    if (slot.node) {
      slot.node->flags.pooled = slot.node->flags.locked = true;
    } else {
      bits_ |= meta_bits::of(pools, slot.type->place);
    }
    if (slot.type->clear) clearing = clears;
  }
  bits_ = (bits_ & ~chain_changed) | has_home;
  // `clears` is in no other word than this one, so that such a buffer is never found at home.
  home_bits_ = bits_ | clearing;
}

Result<void*> MetaItems::edit(const MetaType& type) {
  const Slot slot = first_of(type);
  if (!slot) {
    return fail(ErrorKind::unavailable,
                fmt::format("edit the {} of a buffer: it has none", type.facts.name), "Add one.");
  }
  if (slot.flags.read_only) {
    return fail(ErrorKind::denied, fmt::format("edit a {}: it is read-only", type.facts.name),
                "Add another one.");
  }
  if (slot.flags.pooled && !slot.edited) save(slot);
  return slot.node ? slot.value : places_.own(slot.type->place);
}

void MetaItems::save(const Slot& slot) {
  MetaNode* const copy = MetaNode::create(*slot.type, slot.id, slot.flags);
  slot.type->copy(copy->value(), slot.value);
  copy->next = saved_;
  saved_ = copy;
  if (slot.node) {
    slot.node->edited = true;
    bits_ |= chain_changed;
  } else {
    bits_ |= edited(slot.type->place);
  }
}

void MetaItems::restore_saved() {
  while (MetaNode* const copy = saved_) {
    saved_ = copy->next;
    if (const Slot slot = with_id(copy->id)) {
      slot.type->assign(slot.value, copy->value());
      if (slot.node) slot.node->edited = false;
    } else {  // it was taken away
      put(Slot::of(*copy));
    }
    MetaNode::destroy(copy);
  }
}

/// The usual case: metas without a home were added in places that were empty.
bool MetaItems::leave_added_places() {
  constexpr uint32_t unusual = chain_changed | all_places * (edited(0) | pooled(0));
  const uint32_t added = bits_ & ~home_bits_;
  if ((added & unusual) != 0 || (home_bits_ & ~bits_) != 0) return false;
  for (int place = 0; place < meta_places; ++place) {
    if (added & need_destruction & present(place)) empty_place(MetaPlaces::type(place));
  }
  bits_ = home_bits_;
  return true;
}

void MetaItems::reset_to_pooled() {
  if (leave_added_places()) return;
  for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) {
    if (!slot.flags.pooled) take_out(slot);
  }
  restore_saved();
  for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) {
    if (slot.type->clear) slot.type->clear(slot.value);
  }
  bits_ &= ~(chain_changed | all_places * edited(0));
}

}  // namespace millrace
