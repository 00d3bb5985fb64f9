// SPDX-License-Identifier: MIT
#include "engine/memory/pool_snapshot.h"

#include "engine/memory/pool.h"

namespace millrace {

std::string_view to_string(PoolState state) {
  switch (state) {
    case PoolState::inactive:
      return "inactive";
    case PoolState::configured:
      return "not active";
    case PoolState::active:
      return "active";
    case PoolState::flushing:
      return "flushing";
  }
  return "unknown";
}

PoolState BufferPool::state() const {
  const Lock lock(mutex_);
  return state_;
}

PoolConfig BufferPool::config() const {
  const Lock lock(mutex_);
  return config_;
}

size_t BufferPool::free_count() const {
  const Lock lock(mutex_);
  return generation_->free_count();
}

size_t BufferPool::low_water() const {
  const Lock lock(mutex_);
  return generation_->low_water();
}

PoolSnapshot BufferPool::snapshot() const {
  const Lock lock(mutex_);
  PoolSnapshot seen{.state = state_,
                    .generation = number_,
                    .config = config_,
                    .free = generation_->free_count(),
                    .low_water = generation_->low_water(),
                    .waiting = waiting_,
                    .discards = discards_,
                    .failure = failure_};
  for (const auto& generation : generations_) generation->describe(seen.slots, clock_);
  for (const PoolSlot& slot : seen.slots) {
    seen.lent += slot.state == SlotState::lent;
    seen.fenced += slot.state == SlotState::fenced;
  }
  return seen;
}

std::vector<Ref<Memory>> BufferPool::memories() const {
  const Lock lock(mutex_);
  std::vector<Ref<Memory>> all;
  generation_->slow_down();
  for (const Buffer* const buffer : generation_->free_buffers()) {
    for (const MemorySlice& slice : buffer->memories()) {
      all.push_back(Ref<Memory>::share(slice.memory));
    }
  }
  settle();
  return all;
}

void BufferPool::name_holders(std::vector<std::string> names) {
  const Lock lock(mutex_);
  holder_names_ = std::move(names);
}

void BufferPool::note_holder(const Buffer& buffer, observe::StageId stage) {
  const Buffer& lent = buffer.origin() ? *buffer.origin() : buffer;
  if (lent.home_) lent.home_->note_holder(lent, stage);
}

}  // namespace millrace
