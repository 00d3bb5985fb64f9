// SPDX-License-Identifier: MIT
// How a BufferPool lends where there is more to it than taking a free buffer.
#include <map>
#include <utility>

#include <fmt/format.h>

#include "engine/memory/pool.h"

namespace millrace {

Ref<Buffer> BufferPool::try_acquire_slowly() {
  PoolShelf* const first = current_.load(std::memory_order_acquire);
  Buffer* free = nullptr;
  for (PoolShelf* shelf = first->next(); shelf; shelf = shelf->next()) {
    if (shelf->try_take(free)) return Ref<Buffer>::adopt(free);
  }
  std::optional<Found> found;
  {
    const Lock lock(mutex_);
    found = look();
    if (!found) grow_hungry(Hunger::for_room);
    settle();
  }
  if (!found) return nullptr;
  Result<Ref<Buffer>> buffer = lend(*found);
  return buffer ? buffer.take() : try_acquire_returned();
}

/// After none could be made: one that came home meanwhile, when nobody was known to want it.
Ref<Buffer> BufferPool::try_acquire_returned() {
  Buffer* free = nullptr;
  {
    const Lock lock(mutex_);
    free = take_free();
    if (!free) grow_hungry(Hunger::for_memory);
    settle();
  }
  return free ? lend({free, {}}).take() : nullptr;
}

Result<Ref<Buffer>> BufferPool::acquire(std::stop_token stop, std::optional<Timestamp> deadline) {
  Buffer* free = nullptr;
  if (!stop.stop_requested() && current_.load(std::memory_order_acquire)->try_take(free)) {
    return Ref<Buffer>::adopt(free);
  }
  const std::stop_callback wake(stop, [this] {
    const Lock lock(mutex_);
    returned_.notify_all();
  });
  return lend(MILLRACE_TRY(wait_for_one(stop, deadline)));
}

Result<BufferPool::Found> BufferPool::wait_for_one(const std::stop_token& stop,
                                                   std::optional<Timestamp> deadline) {
  const Lock lock(mutex_);
  ++waiting_;
  Result<Found> found = look_until(stop, deadline);
  --waiting_;
  // A return may have woken this thread instead of one that still waits.
  if (!found && waiting_ > 0) returned_.notify_one();
  settle();
  return found;
}

Result<BufferPool::Found> BufferPool::look_until(const std::stop_token& stop,
                                                 std::optional<Timestamp> deadline) {
  for (bool in_time = true;;) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "acquire a buffer: stopped");
    if (state_ != PoolState::active) {
      return fail(ErrorKind::cancelled,
                  fmt::format("acquire a buffer: the pool is {}", to_string(state_)));
    }
    if (const std::optional<Found> found = look()) return *found;
    if (!in_time) return timed_out();
    if (deadline) {
      in_time = returned_.wait_until(mutex_, *deadline);
    } else {
      returned_.wait(mutex_);
    }
  }
}

/// The lowest free buffer, or room for a new one.
std::optional<BufferPool::Found> BufferPool::look() {
  if (state_ != PoolState::active) return std::nullopt;
  if (Buffer* const buffer = take_free()) return Found{buffer, {}};
  if (const auto vacancy = generation_->reserve()) return Found{nullptr, *vacancy};
  return std::nullopt;
}

Buffer* BufferPool::take_free() {
  if (state_ != PoolState::active) return nullptr;
  generation_->slow_down();
  return generation_->take_slowly();
}

Result<Ref<Buffer>> BufferPool::lend(const Found& found) {
  if (!found.buffer) return grow(found.vacancy);
  found.buffer->home_->note_lent(*found.buffer);
  return Ref<Buffer>::adopt(found.buffer);
}

/// The generation may be retired meanwhile; then the buffer will not come home to it.
Result<Ref<Buffer>> BufferPool::grow(const PoolGeneration::Vacancy& vacancy) {
  Result<Ref<Buffer>> buffer = allocate_one(vacancy.shelf->generation().config());
  if (!buffer) {
    give_up(vacancy, buffer.error());
    return buffer;
  }
  {
    const Lock lock(mutex_);
    failure_.reset();
    vacancy.shelf->fill(vacancy.bit, **buffer);
  }
  vacancy.shelf->note_lent(**buffer);
  return buffer;
}

Failure BufferPool::timed_out() const {
  std::vector<PoolSlot> slots;
  generation_->describe(slots, clock_);
  std::map<std::string, size_t> holders;
  for (const PoolSlot& slot : slots) {
    if (slot.state == SlotState::fenced) ++holders["a device that has not signalled its fence"];
    if (slot.state == SlotState::lent && slot.since) ++holders[name_of(slot.holder)];
  }
  std::string who;
  for (const auto& [name, count] : holders) {
    who += fmt::format("{}{} with {}", who.empty() ? ": " : ", ", count, name);
  }
  return fail(ErrorKind::timeout,
              fmt::format("acquire a buffer: all {} of the pool were out{}", slots.size(), who),
              "Raise --buffers, or look for the stage that keeps them.");
}

std::string BufferPool::name_of(observe::StageId holder) const {
  if (holder < holder_names_.size()) return holder_names_[holder];
  return holder == observe::no_stage ? "no stage" : fmt::format("stage {}", holder);
}

}  // namespace millrace
