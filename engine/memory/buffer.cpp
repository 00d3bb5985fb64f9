// SPDX-License-Identifier: MIT
#include "engine/memory/buffer.h"

#include "engine/memory/pool.h"

namespace millrace {

Buffer::Buffer(Ref<Memory> memory) : count_(1) {
  memories_[0] = std::move(memory);
  home_offset_ = memories_[0]->offset();
  home_size_ = memories_[0]->size();
}

Buffer::~Buffer() = default;

Ref<Buffer> Buffer::create(Ref<Memory> memory) {
  return Ref<Buffer>::adopt(new Buffer(std::move(memory)));
}

void Buffer::on_last_ref() noexcept {
  if (!pool_) {
    delete this;
    return;
  }
  // The pool may lend this buffer again at once, so nothing of it is touched after take_back; the
  // local reference keeps the pool alive until then.
  const Ref<BufferPool> home = std::move(pool_);
  home->take_back(this);
}

void Buffer::reset() {
  timing = {};
  flags = {};
  video = home_video_;
  crop.reset();
  // A packet was as short as its picture; the next one has the whole buffer again. The range is
  // the memory's own, so it fits.
  static_cast<void>(memories_[0]->set_range(home_offset_, home_size_));
}

}  // namespace millrace
