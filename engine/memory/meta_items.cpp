// SPDX-License-Identifier: MIT
#include "engine/memory/meta_items.h"

#include <bit>

#include <fmt/format.h>

#include "engine/memory/buffer.h"
#include "engine/memory/meta_node.h"
#include "engine/memory/meta_slot.h"

namespace millrace {
namespace {

using namespace meta_bits;

Failure is_locked(const MetaType& type) {
  return fail(ErrorKind::denied, fmt::format("remove a {}: it is locked", type.facts.name),
              "Whoever locked it needs it there: a pool's are locked. Unlock it with set_flags.");
}

Failure is_missing(const char* act, uint64_t id) {
  return fail(ErrorKind::unavailable,
              fmt::format("{} meta {} of a buffer: there is none of this id", act, id));
}

bool precedes(const MetaType& type, const void* a, const void* b) {
  return type.precedes && type.precedes(a, b);
}

}  // namespace

MetaItems::Slot MetaItems::in_place(int place) {
  if (!(bits_ & present(place))) return {};
  return {.type = &MetaPlaces::type(place),
          .value = const_cast<void*>(places_.at(place)),
          .id = id_of_place(place),
          .flags = meta_bits::flags(bits_, place),
          .edited = (bits_ & edited(place)) != 0};
}

/// By a walk over the chain: what is the least by the order of ids and not below `least_id`.
MetaItems::Slot MetaItems::oldest(uint64_t least_id) {
  Slot found;
  for (int place = 0; place < meta_places; ++place) {
    const Slot slot = in_place(place);
    if (slot && slot.id >= least_id && (!found || slot.id < found.id)) found = slot;
  }
  for (MetaNode* node = chain_; node; node = node->next) {
    if (node->id < least_id) continue;
    return found && found.id < node->id ? found : Slot::of(*node);
  }
  return found;
}

MetaItems::Slot MetaItems::first_of(const MetaType& type) {
  if (type.place >= 0) return in_place(type.place);
  return first_in_chain(type);
}

MetaItems::Slot MetaItems::first_in_chain(const MetaType& type) {
  Slot found;
  for (MetaNode* node = chain_; node; node = node->next) {
    if (!(*node->type == type)) continue;
    if (!found || precedes(type, node->value(), found.value)) found = Slot::of(*node);
  }
  return found;
}

MetaItems::Slot MetaItems::with_id(uint64_t id) {
  const Slot slot = oldest(id);
  return slot && slot.id == id ? slot : Slot{};
}

const void* MetaItems::find(const MetaType& type) const {
  return const_cast<MetaItems*>(this)->first_of(type).value;
}

size_t MetaItems::count() const {
  auto count = static_cast<size_t>(std::popcount(bits_ & all_places));
  for (const MetaNode* node = chain_; node; node = node->next) ++count;
  return count;
}

std::optional<MetaView> MetaItems::next(uint64_t least_id) const {
  const Slot slot = const_cast<MetaItems*>(this)->oldest(least_id);
  if (!slot) return std::nullopt;
  return MetaView(*slot.type, slot.value, slot.id, slot.flags);
}

void* MetaItems::add(const MetaType& type, void* meta, MetaFlags flags) {
  if (type.same) {
    for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) {
      if (*slot.type == type && type.same(slot.value, meta)) return slot.value;
    }
  }
  number_all();
  return put({.type = &type, .value = meta, .id = ++last_id_, .flags = flags});
}

/// The place belongs to the first of its type: by `precedes`, else by age.
void* MetaItems::put(const Slot& from) {
  const MetaType& type = *from.type;
  if (type.place < 0) return move_to_chain(from);
  if (const Slot first = in_place(type.place)) {
    const bool later = type.precedes ? !type.precedes(from.value, first.value) : from.id > first.id;
    if (later) return move_to_chain(from);
    move_to_chain(first);
    empty_place(type);
  }
  return move_to_place(from);
}

/// Those that have none get the ids that they seemed to have.
void MetaItems::number_all() {
  const uint64_t end = end_of_ids();
  for (int place = 0; place < meta_places; ++place) {
    if (bits_ & present(place)) ids_[place] = id_of_place(place);
  }
  last_id_ = end - 1;
}

void* MetaItems::move_to_place(const Slot& from) {
  const MetaType& type = *from.type;
  void* const value = places_.room(type.place);
  type.move(value, from.value);
  ids_[type.place] = from.id;
  bits_ |= present(type.place) | meta_bits::of(from.flags, type.place) |
           (from.edited ? edited(type.place) : 0);
  return value;
}

void* MetaItems::move_to_chain(const Slot& from) {
  MetaNode* const node = MetaNode::create(*from.type, from.id, from.flags);
  node->edited = from.edited;
  from.type->move(node->value(), from.value);
  MetaNode** link = &chain_;
  while (*link && (*link)->id < from.id) link = &(*link)->next;
  node->next = *link;
  *link = node;
  bits_ |= chain_changed;
  return node->value();
}

void MetaItems::empty_place(const MetaType& type) {
  type.destroy(const_cast<void*>(places_.at(type.place)));
  bits_ &= ~all_of(type.place);
}

void MetaItems::drop_node(MetaNode* node) {
  MetaNode** link = &chain_;
  while (*link != node) link = &(*link)->next;
  *link = node->next;
  MetaNode::destroy(node);
  bits_ |= chain_changed;
  if (!chain_ && !(bits_ & has_home)) bits_ &= ~chain_changed;
}

void MetaItems::take_out(const Slot& slot) {
  // What the pool put there is there again when the buffer comes home.
  if (slot.flags.pooled && (bits_ & has_home) && !slot.edited) save(slot);
  if (slot.node) return drop_node(slot.node);
  empty_place(*slot.type);
  // The place belongs to the first of its type.
  if (const Slot next = first_in_chain(*slot.type)) {
    move_to_place(next);
    drop_node(next.node);
  }
}

Result<> MetaItems::remove(const MetaType& type) {
  const Slot slot = first_of(type);
  if (!slot) return {};
  if (slot.flags.locked) return is_locked(type);
  take_out(slot);
  return {};
}

Result<> MetaItems::remove(uint64_t id) {
  const Slot slot = with_id(id);
  if (!slot) return is_missing("remove", id);
  if (slot.flags.locked) return is_locked(*slot.type);
  take_out(slot);
  return {};
}

MetaItems::Removed MetaItems::remove_if(const std::function<bool(const MetaView&)>& wanted) {
  Removed removed;
  for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) {
    if (!wanted(MetaView(*slot.type, slot.value, slot.id, slot.flags))) continue;
    if (slot.flags.locked) {
      ++removed.locked;
    } else {
      ++removed.count;
      take_out(slot);
    }
  }
  return removed;
}

void MetaItems::remove_tagged(MetaTag tag) {
  for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) {
    if (slot.type->facts.tags.has(tag)) take_out(slot);
  }
}

void MetaItems::clear() {
  for (Slot slot = oldest(0); slot; slot = oldest(slot.id + 1)) take_out(slot);
}

Result<> MetaItems::set_flags(uint64_t id, MetaFlags flags) {
  const Slot slot = with_id(id);
  if (!slot) return is_missing("set the flags of", id);
  if (slot.flags.pooled) {
    return fail(ErrorKind::denied,
                fmt::format("set the flags of a {}: it is the pool's", slot.type->facts.name),
                "Add a meta of your own.");
  }
  if (slot.node) {
    slot.node->flags = flags;
  } else {
    const int place = slot.type->place;
    bits_ &= ~meta_bits::of({.read_only = true, .pooled = true, .locked = true}, place);
    bits_ |= meta_bits::of(flags, place);
  }
  return {};
}

void MetaItems::destroy_all() {
  for (int place = 0; place < meta_places; ++place) {
    if (bits_ & need_destruction & present(place)) empty_place(MetaPlaces::type(place));
  }
  for (MetaNode** list : {&chain_, &saved_}) {
    while (MetaNode* const node = *list) {
      *list = node->next;
      MetaNode::destroy(node);
    }
  }
}

}  // namespace millrace
