// SPDX-License-Identifier: MIT
// Buffer: one frame or packet in flight: memories, times, flags and metas.
//
// Counted by Ref; the last reference returns a pooled buffer to its pool. Writable only while the
// writer holds the sole reference. Confined to one thread at a time, handed over by queues.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/time.h"
#include "engine/memory/memory.h"
#include "engine/memory/meta.h"

namespace millrace {

class BufferPool;

struct BufferFlags {
  bool key = false;        ///< a packet that decoding can start with
  bool repeated = false;   ///< the same picture as the frame before
  bool late = false;       ///< captured more than half a frame's time after it was due
  bool corrupted = false;  ///< delivered, but known to be damaged
};

/// Facts of the frame that are not about its bytes; carried from frame to packet.
struct BufferTiming {
  std::optional<Duration> pts;  ///< presentation time from the stream's start
  std::optional<Duration> dts;  ///< decoding time; none where it equals pts
  std::optional<Duration> duration;
  Timestamp captured{};   ///< when the source had the frame, on CLOCK_MONOTONIC
  uint64_t sequence = 0;  ///< number of the frame at its source; a gap: frames that it skipped
};

class MILLRACE_API Buffer final : public RefCounted {
 public:
  static constexpr size_t max_memories = 4;

  /// A buffer outside any pool.
  [[nodiscard]] static Ref<Buffer> create(Ref<Memory> memory);

  [[nodiscard]] std::span<const Ref<Memory>> memories() const { return {memories_.data(), count_}; }

  /// The first memory, which holds the planes.
  [[nodiscard]] Memory& memory() const { return *memories_[0]; }

  BufferTiming timing;
  BufferFlags flags;
  std::optional<VideoMeta> video;
  std::optional<CropMeta> crop;

  /// Slot number within its pool, for as long as the pool lives; 0 without a pool.
  [[nodiscard]] uint32_t slot() const { return slot_; }

  [[nodiscard]] const BufferPool* pool() const { return pool_.get(); }

 private:
  friend class BufferPool;
  explicit Buffer(Ref<Memory> memory);
  ~Buffer() override;
  void on_last_ref() noexcept override;
  void reset();

  std::array<Ref<Memory>, max_memories> memories_;
  size_t count_ = 0;
  uint32_t slot_ = 0;
  Ref<BufferPool> pool_;                 ///< while lent: keeps the pool alive
  std::optional<VideoMeta> home_video_;  ///< what the pool gave it, restored on return
  size_t home_offset_ = 0;               ///< the first memory's range when it was made, likewise
  size_t home_size_ = 0;
};

}  // namespace millrace
