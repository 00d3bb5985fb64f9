// SPDX-License-Identifier: MIT
#include "engine/memory/pool_shelf.h"

#include <bit>

#include "engine/memory/buffer.h"
#include "engine/memory/fence_watcher.h"
#include "engine/memory/pool.h"
#include "engine/observe/stage_scope.h"

namespace millrace {
namespace {

constexpr uint64_t all_slots = (uint64_t{1} << PoolShelf::room) - 1;

uint32_t index_of_bit(uint64_t bit) {
  return static_cast<uint32_t>(std::countr_zero(bit));
}

}  // namespace

/// Nobody else shows its bytes or has them mapped.
inline bool PoolShelf::is_untouched(const Memory& memory) noexcept {
  return memory.word_.load(std::memory_order_acquire) >> 32 == AccessWord::owner >> 32;
}

/// Why the memories of a buffer are not fit to be lent again.
Discard PoolShelf::fault_of(const Buffer& buffer) noexcept {
  if (buffer.memories_changed()) return Discard::memories_changed;
  for (const MemorySlice& slice : buffer.memories_) {
    const uint64_t access = slice.memory->word_.load(std::memory_order_acquire);
    if (AccessWord::owners(access) != 1) return Discard::shared;
    if (AccessWord::readers(access) + AccessWord::writers(access) > 0) return Discard::mapped;
  }
  return Discard::none;
}

/// Member by member: as a whole they are so long that compilers fill them with a string
/// instruction, which takes longer than all the rest of a return.
inline void PoolShelf::clear_facts(Buffer& buffer) noexcept {
  BufferTiming& timing = buffer.timing;
  timing.pts.reset();
  timing.dts.reset();
  timing.duration.reset();
  timing.offset.reset();
  timing.offset_end.reset();
  timing.captured = {};
  timing.sequence = 0;
  buffer.flags = {};
}

/// The window over the memories that it had when it was made.
inline void PoolShelf::restore_window(Buffer& buffer) noexcept {
  buffer.offset_ = buffer.home_offset_;
  buffer.size_ = buffer.home_size_;
}

inline void PoolShelf::lay_back(uint64_t bit) noexcept {
  if (static_cast<int64_t>(free_.fetch_add(bit, std::memory_order_acq_rel)) < 0) [[unlikely]] {
    generation_.pool().returned(*this, bit);
  }
}

/// What happens with every frame is short and calls nothing; tests/bench memory counts its
/// instructions.
void PoolShelf::take_back(Buffer& buffer) noexcept {
  const bool as_ever = buffer.is_plain() && buffer.metas_.is_home() &&
                       is_untouched(*buffer.memories_.only().memory) && !rules_.attended;
  if (!as_ever) [[unlikely]]
    return take_back_attentively(buffer);
  clear_facts(buffer);
  restore_window(buffer);
  lay_back(buffer.home_bit_);
}

/// Also one that is not lent again is as it was made, but for its memories: the hooks may keep it
/// when they dispose of it, and give it to the pool as a new one.
void PoolShelf::take_back_attentively(Buffer& buffer) noexcept {
  if (buffer.fences_ && comes_home_later(buffer)) return;
  Discard cause = fault_of(buffer);
  clear_facts(buffer);
  if (cause != Discard::memories_changed) restore_window(buffer);
  buffer.metas_.reset_to_pooled();
  if (cause == Discard::none && rules_.attended) cause = generation_.pool().ask_hooks(buffer);
  if (cause == Discard::none) {
    lay_back(buffer.home_bit_);
  } else {
    generation_.pool().discard(buffer, cause);
  }
}

bool PoolShelf::comes_home_later(Buffer& buffer) noexcept {
  FenceList& fences = buffer.fences_->release;
  if (!fences.all_signalled()) {
    const uint64_t bit = buffer.home_bit_;
    fenced_.fetch_or(bit, std::memory_order_relaxed);
    const FenceWatcher::Then then{&PoolShelf::come_home_now, &buffer};
    if (FenceWatcher::of_the_process().watch(fences, then)) return true;
    // Nobody can be asked to wait, so this thread does.
    static_cast<void>(fences.wait());
    fenced_.fetch_and(~bit, std::memory_order_relaxed);
  }
  buffer.fences_->acquire.clear();
  fences.clear();
  buffer.fences_are_over();
  return false;
}

void PoolShelf::come_home_now(void* waiting) noexcept {
  auto& buffer = *static_cast<Buffer*>(waiting);
  PoolShelf& shelf = *buffer.home_;
  shelf.fenced_.fetch_and(~buffer.home_bit_, std::memory_order_relaxed);
  shelf.take_back(buffer);
}

void PoolShelf::note_lent(const Buffer& buffer) noexcept {
  note_lent(index_of_bit(buffer.home_bit_));
}

void PoolShelf::note_holder(const Buffer& buffer, observe::StageId stage) noexcept {
  if (rules_.tracks) note_holder(index_of_bit(buffer.home_bit_), stage);
}

void PoolShelf::note_lent(uint64_t index) noexcept {
  uint64_t most = most_lent_.load(std::memory_order_relaxed);
  while (index >= most &&
         !most_lent_.compare_exchange_weak(most, index + 1, std::memory_order_relaxed)) {
  }
  if (rules_.tracks) {
    const observe::StageScope* const scope = observe::StageScope::current();
    note_holder(index, scope ? scope->stage() : observe::no_stage);
  }
  if (rules_.announced) generation_.pool().hooks_->acquired(*buffers_[index]);
  if (!rules_.tracks && !rules_.announced) {
    quiet_below_.store(most_lent(), std::memory_order_relaxed);
  }
}

void PoolShelf::note_holder(uint64_t index, observe::StageId stage) noexcept {
  holders_[index].stage.store(stage, std::memory_order_relaxed);
  holders_[index].since.store(ticks(), std::memory_order_relaxed);
}

uint64_t PoolShelf::lendable() const noexcept {
  const uint64_t free = free_.load(std::memory_order_relaxed);
  return (free & slow) != 0 ? settled_ : free;
}

size_t PoolShelf::free_count() const noexcept {
  return static_cast<size_t>(std::popcount(lendable()));
}

void PoolShelf::begin(const Rules& rules) noexcept {
  rules_ = rules;
  quiet_below_.store(0, std::memory_order_relaxed);
  most_lent_.store(0, std::memory_order_relaxed);
}

void PoolShelf::slow_down() noexcept {
  const uint64_t seen = free_.fetch_or(slow, std::memory_order_acq_rel);
  if ((seen & slow) == 0) settled_ = seen;
}

void PoolShelf::speed_up() noexcept {
  uint64_t all_settled = settled_ | slow;
  free_.compare_exchange_strong(all_settled, settled_, std::memory_order_acq_rel,
                                std::memory_order_relaxed);
}

Buffer* PoolShelf::take_slowly() noexcept {
  return settled_ == 0 ? nullptr : &pick_up(settled_ & (~settled_ + 1));
}

uint64_t PoolShelf::reserve() noexcept {
  const uint64_t vacant = ~taken_ & all_slots;
  const uint64_t bit = vacant & (~vacant + 1);
  taken_ |= bit;
  return bit;
}

void PoolShelf::vacate(uint64_t bit) noexcept {
  taken_ &= ~bit;
  buffers_[index_of_bit(bit)] = nullptr;
}

void PoolShelf::fill(uint64_t bit, Buffer& buffer) noexcept {
  const uint32_t index = index_of_bit(bit);
  buffers_[index] = &buffer;
  buffer.home_ = this;
  buffer.home_bit_ = bit;
  buffer.home_offset_ = buffer.offset_;
  buffer.home_size_ = buffer.size_;
  buffer.metas_.say(meta_bits::memories_changed, false);
  if (!buffer.fences_) buffer.fences_are_over();
  buffer.metas_.pool_all();
}

void PoolShelf::lay_down(uint64_t bit) noexcept {
  free_.fetch_add(bit, std::memory_order_acq_rel);
  settled_ |= bit;
}

Buffer& PoolShelf::pick_up(uint64_t bit) noexcept {
  free_.fetch_sub(bit, std::memory_order_acq_rel);
  settled_ &= ~bit;
  return *buffers_[index_of_bit(bit)];
}

uint32_t PoolShelf::slot_of(const Buffer& buffer) const noexcept {
  return first_ + index_of_bit(buffer.home_bit_);
}

void PoolShelf::list_free(std::vector<const Buffer*>& buffers) const {
  for (uint64_t left = settled_; left != 0; left &= left - 1) {
    buffers.push_back(buffers_[index_of_bit(left)]);
  }
}

void PoolShelf::describe(std::vector<PoolSlot>& slots, const TickClock& clock) const {
  const uint64_t free = lendable();
  const uint64_t fenced = fenced_.load(std::memory_order_relaxed);
  for (uint32_t index = 0; index < room; ++index) {
    if (!buffers_[index]) continue;
    const uint64_t bit = uint64_t{1} << index;
    PoolSlot slot{.generation = generation_.number(), .slot = first_ + index};
    slot.state = (free & bit) != 0     ? SlotState::free
                 : (fenced & bit) != 0 ? SlotState::fenced
                                       : SlotState::lent;
    if (rules_.tracks && slot.state == SlotState::lent) {
      slot.holder = holders_[index].stage.load(std::memory_order_relaxed);
      slot.since = clock.time_of(holders_[index].since.load(std::memory_order_relaxed));
    }
    slots.push_back(slot);
  }
}

}  // namespace millrace
