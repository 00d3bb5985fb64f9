// SPDX-License-Identifier: MIT
// MetaItems::Slot: one meta where it lies: in its place, in a node of the chain, or at its
// caller's.
#pragma once

#include "engine/memory/meta_items.h"
#include "engine/memory/meta_node.h"

namespace millrace {

struct MetaItems::Slot {
  const MetaType* type = nullptr;
  void* value = nullptr;
  uint64_t id = 0;
  MetaFlags flags{};
  bool edited = false;       ///< a pooled one, whose first value is saved
  MetaNode* node = nullptr;  ///< null for one that lies elsewhere

  static Slot of(MetaNode& node) {
    return {node.type, node.value(), node.id, node.flags, node.edited, &node};
  }

  explicit operator bool() const { return type != nullptr; }
};

}  // namespace millrace
