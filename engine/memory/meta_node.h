// SPDX-License-Identifier: MIT
// MetaNode: a meta outside of the inline places, with its value behind it in the same block.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/memory/meta_type.h"

namespace millrace {

struct alignas(16) MetaNode {
  MetaNode* next;
  const MetaType* type;
  uint64_t id;
  MetaFlags flags;
  bool edited;  ///< a pooled one, whose first value is saved

  [[nodiscard]] void* value() { return this + 1; }

  [[nodiscard]] const void* value() const { return this + 1; }

  /// Its value is not made yet. Throws std::bad_alloc, as `new` does.
  [[nodiscard]] static MetaNode* create(const MetaType& type, uint64_t id, MetaFlags flags);

  /// Gives back a node whose value is not made, or has been destroyed.
  static void release(MetaNode* node) noexcept;

  static void destroy(MetaNode* node) noexcept;
};

}  // namespace millrace
