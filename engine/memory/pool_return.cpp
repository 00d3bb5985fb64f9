// SPDX-License-Identifier: MIT
// How a BufferPool takes back where there is more to it than adding a bit.
#include <utility>

#include "engine/memory/pool.h"

namespace millrace {

Discard BufferPool::ask_hooks(Buffer& buffer) noexcept {
  hooks_->reset(buffer);
  return hooks_->released(buffer) ? Discard::none : Discard::refused;
}

/// The pool may be gone as soon as the lock is given up, unless a retired buffer is still to go.
void BufferPool::returned(PoolShelf& shelf, uint64_t bit) noexcept {
  Buffer* retired = nullptr;
  Hook hook;
  {
    const Lock lock(mutex_);
    shelf.settle(bit);
    if (shelf.generation().retired()) {
      retired = &shelf.pick_up(bit);
    } else {
      hook = wake_one();
    }
  }
  if (retired) discard(*retired, Discard::retired);
  if (hook) (*hook)();
}

void BufferPool::discard(Buffer& buffer, Discard cause) noexcept {
  PoolShelf& shelf = *buffer.home_;
  const PoolGeneration::Vacancy left{&shelf, buffer.home_bit_};
  buffer.home_ = nullptr;
  buffer.set_plain(false);  // it may have storage of fences, which the short way out does not free
  hooks_->dispose(Ref<Buffer>::adopt(&buffer));
  vacate(left, cause);
}

void BufferPool::vacate(const PoolGeneration::Vacancy& vacancy, Discard cause) noexcept {
  PoolGeneration& generation = vacancy.shelf->generation();
  bool finished = false;
  Hook hook;
  {
    const Lock lock(mutex_);
    if (cause != Discard::none) ++discards_[static_cast<size_t>(cause)];
    finished = generation.vacate(vacancy);
    if (!generation.retired()) hook = wake_one();
  }
  if (finished) finish(generation);
  if (hook) (*hook)();
}

/// There is a buffer, or room for one. Gives the hook that is to be called for it.
BufferPool::Hook BufferPool::wake_one() {
  if (waiting_ > 0) returned_.notify_one();
  Hook hook = hungry_ ? hook_ : nullptr;
  hungry_ = false;
  settle();
  return hook;
}

/// Back to lending without a lock, where nothing stands against it.
void BufferPool::settle() const {
  if (waiting_ == 0 && !hungry_ && state_ == PoolState::active) generation_->speed_up();
}

void BufferPool::on_available(std::function<void()> hook) {
  const Lock lock(mutex_);
  hook_ = hook ? std::make_shared<const std::function<void()>>(std::move(hook)) : nullptr;
  hungry_ = hungry_ && hook_;
  settle();
}

}  // namespace millrace
