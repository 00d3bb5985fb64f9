// SPDX-License-Identifier: MIT
#include "engine/memory/buffer.h"

#include "engine/memory/pool.h"

namespace millrace {

Buffer::Buffer(Ref<Memory> memory) : count_(1) {
  memories_[0] = std::move(memory);
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
}

}  // namespace millrace
