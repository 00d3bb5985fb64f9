// SPDX-License-Identifier: MIT
// How a BufferPool takes back where there is more to it than adding a bit.
#include <algorithm>
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

/// No buffer could be made there. That leaves room but no memory: whoever lacked memory too is not
/// called for it, or two of them would call each other for ever.
void BufferPool::give_up(const PoolGeneration::Vacancy& vacancy, const Error& why) noexcept {
  PoolGeneration& generation = vacancy.shelf->generation();
  bool finished = false;
  Hook hook;
  {
    const Lock lock(mutex_);
    failure_ = why;
    finished = generation.vacate(vacancy);
    if (!generation_->retired()) hook = wake_one(Hunger::for_room);
  }
  if (finished) finish(generation);
  if (hook) (*hook)();
}

/// Also one of an earlier generation may have had the memory that somebody needs now.
void BufferPool::vacate(const PoolGeneration::Vacancy& vacancy, Discard cause) noexcept {
  PoolGeneration& generation = vacancy.shelf->generation();
  bool finished = false;
  Hook hook;
  {
    const Lock lock(mutex_);
    if (cause != Discard::none) ++discards_[static_cast<size_t>(cause)];
    finished = generation.vacate(vacancy);
    if (!generation_->retired()) hook = wake_one();
  }
  if (finished) finish(generation);
  if (hook) (*hook)();
}

/// There is a buffer, or memory or room for one. Gives the hook that is to be called for it.
BufferPool::Hook BufferPool::wake_one(Hunger fed) {
  if (waiting_ > 0) returned_.notify_one();
  Hook hook;
  if (hunger_ >= fed) {
    hook = hook_;
    hunger_ = Hunger::none;
  }
  settle();
  return hook;
}

void BufferPool::grow_hungry(Hunger hunger) {
  if (hook_) hunger_ = std::max(hunger_, hunger);
}

/// Back to lending without a lock, where nothing stands against it.
void BufferPool::settle() const {
  if (waiting_ == 0 && hunger_ == Hunger::none && state_ == PoolState::active)
    generation_->speed_up();
}

void BufferPool::on_available(std::function<void()> hook) {
  const Lock lock(mutex_);
  hook_ = hook ? std::make_shared<const std::function<void()>>(std::move(hook)) : nullptr;
  if (!hook_) hunger_ = Hunger::none;
  settle();
}

}  // namespace millrace
