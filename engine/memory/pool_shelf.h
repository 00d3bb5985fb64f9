// SPDX-License-Identifier: MIT
// PoolShelf: up to 63 buffers of a pool, and one word that says which of them are free.
//
//   bit 63   62 ... 3 2 1 0
//     slow    .      1 0 1     a 1: this buffer is free
//
// To acquire is to clear the lowest set bit: the same few buffers stay in the cache. To return is
// to add the bit again, which also reads bit 63 in the same step. Whoever finds bit 63 set turns to
// the pool, which has a lock and knows what is up: somebody waits, the pool is flushing or closed,
// or the shelf belongs to an earlier configuration.
//
// While bit 63 is set, buffers are only lent under the pool's lock, and only those whose return is
// known there (`settled_`). So a thread that has added its bit and waits for the lock still counts
// as having the buffer, and the pool cannot end before it has come through.
//
// A shelf lives as long as its pool: a thread that looks at one that is out of use finds bit 63.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/ticks.h"
#include "engine/memory/pool_snapshot.h"
#include "engine/observe/record.h"

namespace millrace {

class Buffer;
class Memory;
class PoolGeneration;

class PoolShelf {
 public:
  static constexpr uint32_t room = 63;

  /// Empty and slow; `first`: the number of its first slot within the generation.
  PoolShelf(PoolGeneration& generation, uint32_t first) : generation_(generation), first_(first) {}

  PoolShelf(const PoolShelf&) = delete;
  PoolShelf& operator=(const PoolShelf&) = delete;

  // --- without a lock ---------------------------------------------------------------------------

  /// Gives the lowest free buffer. False: none is free, or the shelf is slow.
  [[nodiscard]] bool try_take(Buffer*& buffer) noexcept {
    uint64_t seen = free_.load(std::memory_order_relaxed);
    do {
      if (static_cast<int64_t>(seen) <= 0) return false;
    } while (!free_.compare_exchange_weak(seen, seen & (seen - 1), std::memory_order_acquire,
                                          std::memory_order_relaxed));
    const auto index = static_cast<uint64_t>(__builtin_ctzll(seen));
    if (index >= quiet_below_.load(std::memory_order_relaxed)) [[unlikely]]
      note_lent(index);
    buffer = buffers_[index];
    return true;
  }

  /// With its last reference.
  void take_back(Buffer& buffer) noexcept;

  /// What is to be done when a buffer was taken otherwise than by try_take.
  void note_lent(const Buffer& buffer) noexcept;

  /// Says who has a lent buffer now, where the pool tracks that.
  void note_holder(const Buffer& buffer, observe::StageId stage) noexcept;

  [[nodiscard]] PoolGeneration& generation() const { return generation_; }

  /// The number of one of its buffers within the generation.
  [[nodiscard]] uint32_t slot_of(const Buffer& buffer) const noexcept;

  [[nodiscard]] PoolShelf* next() const { return next_.load(std::memory_order_acquire); }

  /// The most slots that were lent at once: as the lowest free one is lent, the highest ever lent.
  [[nodiscard]] uint64_t most_lent() const { return most_lent_.load(std::memory_order_relaxed); }

  // --- with the pool's lock ---------------------------------------------------------------------

  struct Rules {
    bool attended = false;   ///< the pool's class wants to hear of every return
    bool tracks = false;     ///< holders are noted
    bool announced = false;  ///< the pool's class wants to hear of every acquire
  };

  /// For a new generation; nobody has a buffer of it.
  void begin(const Rules& rules) noexcept;

  void append(PoolShelf* next) noexcept { next_.store(next, std::memory_order_release); }

  void slow_down() noexcept;
  /// Where every return is known already; otherwise the last of those threads does it.
  void speed_up() noexcept;

  /// The lowest free buffer, after slow_down.
  [[nodiscard]] Buffer* take_slowly() noexcept;

  /// A return that found the shelf slow is known now.
  void settle(uint64_t bit) noexcept { settled_ |= bit; }

  /// Known returns.
  [[nodiscard]] uint64_t settled() const { return settled_; }

  /// The bit of a slot that had no buffer and is spoken for from now on; 0 without one.
  [[nodiscard]] uint64_t reserve() noexcept;
  void vacate(uint64_t bit) noexcept;

  /// Puts a buffer, which is lent, into a reserved slot.
  void fill(uint64_t bit, Buffer& buffer) noexcept;
  /// Makes the buffer of a slow shelf free, or takes it from the free ones.
  void lay_down(uint64_t bit) noexcept;
  Buffer& pick_up(uint64_t bit) noexcept;

  /// After slow_down: adds the buffers that take_slowly would give.
  void list_free(std::vector<const Buffer*>& buffers) const;

  [[nodiscard]] size_t free_count() const noexcept;

  /// Adds every slot that has a buffer.
  void describe(std::vector<PoolSlot>& slots, const TickClock& clock) const;

 private:
  struct Holder {
    std::atomic<uint64_t> since{0};
    std::atomic<observe::StageId> stage{observe::no_stage};
  };

  static constexpr uint64_t slow = uint64_t{1} << room;

  /// The buffers that could be lent now: on a slow shelf those whose return is known.
  [[nodiscard]] uint64_t lendable() const noexcept;
  MILLRACE_API void note_lent(uint64_t index) noexcept;
  void note_holder(uint64_t index, observe::StageId stage) noexcept;
  [[nodiscard]] static bool is_untouched(const Memory& memory) noexcept;
  [[nodiscard]] static Discard fault_of(const Buffer& buffer) noexcept;
  static void clear_facts(Buffer& buffer) noexcept;
  static void restore_window(Buffer& buffer) noexcept;
  void lay_back(uint64_t bit) noexcept;
  void take_back_attentively(Buffer& buffer) noexcept;
  [[nodiscard]] bool comes_home_later(Buffer& buffer) noexcept;
  static void come_home_now(void* buffer) noexcept;

  alignas(64) std::atomic<uint64_t> free_{slow};
  alignas(64) PoolGeneration& generation_;
  const uint32_t first_;
  std::atomic<uint64_t> quiet_below_{0};  ///< slots that are lent without further ado
  std::atomic<uint64_t> most_lent_{0};
  Rules rules_;
  std::atomic<PoolShelf*> next_{nullptr};
  std::array<Buffer*, room> buffers_{};
  uint64_t settled_ = 0;
  uint64_t taken_ = 0;               ///< slots that have a buffer or are reserved
  std::atomic<uint64_t> fenced_{0};  ///< slots that wait for a device
  std::array<Holder, room> holders_;
};

}  // namespace millrace
