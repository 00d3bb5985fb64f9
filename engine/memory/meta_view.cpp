// SPDX-License-Identifier: MIT
#include "engine/memory/meta_view.h"

#include "engine/memory/meta_items.h"

namespace millrace {

MetaRange::Iterator::Iterator(const MetaRange& range) : items_(range.items_), api_(range.api_) {
  go_on(0);
}

MetaRange::Iterator& MetaRange::Iterator::operator++() {
  go_on(meta_->id() + 1);
  return *this;
}

void MetaRange::Iterator::go_on(uint64_t least_id) {
  meta_ = items_->next(least_id);
  while (meta_ && !api_.empty() && meta_->type().facts.api != api_) {
    meta_ = items_->next(meta_->id() + 1);
  }
}

}  // namespace millrace
