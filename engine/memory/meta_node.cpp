// SPDX-License-Identifier: MIT
#include "engine/memory/meta_node.h"

#include <new>

#include "engine/base/recycler.h"

namespace millrace {

MetaNode* MetaNode::create(const MetaType& type, uint64_t id, MetaFlags flags) {
  return new (Recycler::take(sizeof(MetaNode) + type.size))
      MetaNode{nullptr, &type, id, flags, false};
}

void MetaNode::release(MetaNode* node) noexcept {
  Recycler::give(node, sizeof(MetaNode) + node->type->size);
}

void MetaNode::destroy(MetaNode* node) noexcept {
  node->type->destroy(node->value());
  release(node);
}

}  // namespace millrace
