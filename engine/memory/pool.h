// SPDX-License-Identifier: MIT
// BufferPool: a fixed number of equal buffers, lent and taken back.
//
// All buffers are allocated when the pool is made; running neither allocates nor frees. A buffer
// comes home with its last reference, on whatever thread that happens, with its times, flags and
// metas as the pool made them. Lent buffers keep the pool alive, so the order of death is free.
// The buffer returned last is lent first: its bytes are the likeliest to be in cache.
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/memory/allocator.h"
#include "engine/memory/buffer.h"

namespace millrace {

struct PoolConfig {
  size_t count = 2;  ///< buffers, all allocated at once; 1 to 1024
  size_t size = 0;   ///< visible bytes of each
  AllocationParams params{};
  std::optional<VideoMeta> video;  ///< attached to every buffer
};

class MILLRACE_API BufferPool final : public RefCounted {
 public:
  [[nodiscard]] static Result<Ref<BufferPool>> create(Allocator& allocator,
                                                      const PoolConfig& config);

  /// A free buffer, or null when all are lent.
  [[nodiscard]] Ref<Buffer> try_acquire();

  /// Waits for a free buffer. Errors: `timeout` at `deadline`, `cancelled` when `stop` is asked
  /// for.
  [[nodiscard]] Result<Ref<Buffer>> acquire(std::stop_token stop,
                                            std::optional<Timestamp> deadline = std::nullopt);

  /// Called after each return of a buffer, on the returning thread, with no lock held.
  /// Set before the pool is used by several threads; cleared with an empty function.
  void on_available(std::function<void()> hook);

  [[nodiscard]] const PoolConfig& config() const { return config_; }

  [[nodiscard]] size_t free_count() const;
  [[nodiscard]] size_t low_water() const;  ///< the fewest free buffers there ever were

  /// All buffers' memories, for importers that prepare every one before the first frame. Only while
  /// no buffer is lent.
  [[nodiscard]] std::vector<Ref<Memory>> memories() const;

 private:
  friend class Buffer;

  explicit BufferPool(const PoolConfig& config) : config_(config) {}

  ~BufferPool() override;
  Ref<Buffer> lend_locked() MILLRACE_REQUIRES(mutex_);
  void take_back(Buffer* buffer) noexcept;

  const PoolConfig config_;
  mutable Mutex mutex_;
  Condition returned_;
  std::vector<Buffer*> free_ MILLRACE_GUARDED_BY(mutex_);
  size_t low_water_ MILLRACE_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<const std::function<void()>> hook_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace
