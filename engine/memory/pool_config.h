// SPDX-License-Identifier: MIT
// PoolConfig: what the buffers of a pool are like, and how many there are. check_config answers it:
// accepted as it is, accepted with a layout that meets the alignment, or a counter-offer that would
// be accepted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <variant>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/interlace.h"
#include "engine/format/video_alignment.h"
#include "engine/memory/allocator.h"
#include "engine/memory/video_meta.h"

namespace millrace {

/// A pool has `min` buffers from its activation on and makes more, up to `max`, when all are lent.
struct PoolCount {
  size_t min = 2;
  std::optional<size_t> max = 2;  ///< without it as many as wanted, but no more than `most`
  friend bool operator==(const PoolCount&, const PoolCount&) = default;

  static constexpr size_t most = 1024;

  [[nodiscard]] size_t limit() const { return max.value_or(most); }
};

/// As many, all made at activation: running neither allocates nor frees.
[[nodiscard]] constexpr PoolCount exactly(size_t count) {
  return {.min = count, .max = count};
}

[[nodiscard]] constexpr PoolCount at_least(size_t count) {
  return {.min = count, .max = std::nullopt};
}

struct PoolOptions {
  bool video_meta = true;  ///< where there is a video, each buffer has its VideoMeta
  std::optional<VideoAlignment> video_alignment{};  ///< lays the video's planes out so
  bool track_holders = false;  ///< note which stage has each buffer since when: one more read of
                               ///< the processor's counter with each acquire
  friend bool operator==(const PoolOptions&, const PoolOptions&) = default;
};

struct PoolConfig {
  PoolCount count{};
  size_t size = 0;  ///< visible bytes of each; 0: what the video's layout takes
  /// Outlives the pool. Null: what AllocatorRegistry::process() has as the default when the pool is
  /// configured; the pool's configuration then names it.
  Allocator* allocator = nullptr;
  AllocationParams params{};
  std::optional<VideoMeta> video{};
  /// Of the video. A buffer with alternating fields has one of them, and so has its VideoMeta.
  InterlaceMode interlace = InterlaceMode::progressive;
  PoolOptions options{};
  friend bool operator==(const PoolConfig&, const PoolConfig&) = default;
};

struct PoolAccepted {
  PoolConfig config;  ///< with the size, layout and alignment that came of the request
};

struct PoolCounterOffer {
  PoolConfig config;  ///< what would be accepted instead
  std::string why;
};

using PoolAnswer = std::variant<PoolAccepted, PoolCounterOffer>;

/// Errors: `usage` for numbers that contradict each other, such as a `min` above `max`, for buffers
/// without a byte, for layouts that no size would do for, and for an alignment of a tiled one,
/// which only its device can lay out.
[[nodiscard]] MILLRACE_API Result<PoolAnswer> check_config(const PoolConfig& wanted);

/// Whether buffers of a pool like `offered` do for who wants them like `wanted`: at least as large,
/// as many and as aligned, of the same video and modifier, from the same allocator where one is
/// named, with at least the options. Their flags keep each promise that is wanted and forbid what
/// `wanted` forbids, no more and no less. A size or `max` that is not given demands nothing.
/// Errors: `unavailable`, with what falls short.
[[nodiscard]] MILLRACE_API Result<> check_satisfies(const PoolConfig& offered,
                                                    const PoolConfig& wanted);

}  // namespace millrace
