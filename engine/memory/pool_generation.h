// SPDX-License-Identifier: MIT
// PoolGeneration: the buffers that a pool has by one configuration.
//
// A new configuration begins a new generation and retires the one before: its free buffers go at
// once, the others when they come home. A retired generation without buffers is finished, and may
// begin again as another one; it is never freed before the pool, as some thread may still look at
// its shelves.
//
// Guarded by the lock of its pool, but for what PoolShelf says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/memory/pool_config.h"
#include "engine/memory/pool_shelf.h"

namespace millrace {

class BufferPool;

class PoolGeneration {
 public:
  explicit PoolGeneration(BufferPool& pool) : pool_(pool) { add_shelf(); }

  PoolGeneration(const PoolGeneration&) = delete;
  PoolGeneration& operator=(const PoolGeneration&) = delete;

  /// Slow, and without buffers.
  void begin(uint32_t number, const PoolConfig& config, const PoolShelf::Rules& rules);

  [[nodiscard]] BufferPool& pool() const { return pool_; }

  [[nodiscard]] uint32_t number() const { return number_; }

  /// Unchanged for as long as there is a buffer of it.
  [[nodiscard]] const PoolConfig& config() const { return config_; }

  [[nodiscard]] PoolShelf& first() const { return *shelves_.front(); }

  /// Room for a buffer that is still to be made. It counts from now on.
  struct Vacancy {
    PoolShelf* shelf = nullptr;
    uint64_t bit = 0;
  };

  /// Nothing where there are as many as there may be.
  [[nodiscard]] std::optional<Vacancy> reserve();
  /// One of the first buffers, which is free then. Before anybody can take from it.
  void add(Buffer& buffer) noexcept;

  /// True when that was the last one of a retired generation.
  [[nodiscard]] bool vacate(const Vacancy& vacancy) noexcept;

  void slow_down() noexcept;
  void speed_up() noexcept;
  /// After slow_down.
  [[nodiscard]] Buffer* take_slowly() noexcept;

  /// From now on every buffer is discarded when it comes home. Gives those that are free, which
  /// count until they are vacated; true when there was no buffer at all.
  [[nodiscard]] bool retire(std::vector<Buffer*>& freed);

  [[nodiscard]] bool retired() const { return retired_; }

  /// Finished, and free to begin again.
  [[nodiscard]] bool idle() const { return idle_; }

  void rest() { idle_ = true; }

  [[nodiscard]] size_t free_count() const noexcept;

  /// The fewest that ever were free.
  [[nodiscard]] size_t low_water() const noexcept;

  /// After slow_down.
  [[nodiscard]] std::vector<const Buffer*> free_buffers() const;

  /// Adds every slot that has a buffer.
  void describe(std::vector<PoolSlot>& slots, const TickClock& clock) const;

 private:
  void add_shelf();

  BufferPool& pool_;
  uint32_t number_ = 0;
  PoolConfig config_;
  PoolShelf::Rules rules_;
  bool retired_ = true;
  bool idle_ = true;
  size_t made_ = 0;   ///< buffers that exist or are being made
  size_t slots_ = 0;  ///< that ever had one
  std::vector<std::unique_ptr<PoolShelf>> shelves_;
};

}  // namespace millrace
