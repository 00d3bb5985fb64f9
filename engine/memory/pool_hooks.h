// SPDX-License-Identifier: MIT
// PoolHooks: what a pool of one's own does otherwise: where its buffers come from, and what happens
// when they are lent and come home. Derive from it and give it to BufferPool::create.
//
// None is called while the pool holds the lock that lending and returning take; none may configure,
// activate or deactivate the pool. The pool owns its hooks and calls nothing after `stop`.
#pragma once

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/memory/buffer.h"
#include "engine/memory/pool_config.h"

namespace millrace {

class MILLRACE_API PoolHooks {
 public:
  /// Which of the frequent events shall be told; what is not costs nothing.
  struct Hears {
    bool acquired = false;
    bool returned = false;  ///< `reset` and `released`
  };

  PoolHooks() = default;

  explicit PoolHooks(Hears hears) : hears_(hears) {}

  PoolHooks(const PoolHooks&) = delete;
  PoolHooks& operator=(const PoolHooks&) = delete;
  virtual ~PoolHooks() = default;

  [[nodiscard]] Hears hears() const { return hears_; }

  /// Answers a configuration; by default check_config does.
  [[nodiscard]] virtual Result<PoolAnswer> review(const PoolConfig& wanted);

  /// Before the first buffer of a generation is made.
  [[nodiscard]] virtual Result<> start(const PoolConfig& /*config*/) { return {}; }

  /// When the last one is gone, after each `start` that went well, on any thread.
  virtual void stop() noexcept {}

  /// Makes one, which nobody else has; what it throws is taken as an error. Its metas are the
  /// pool's from then on: locked, and restored with each return. By default memory of the
  /// allocator, which the pool's configuration always names, with the video's meta. Any thread, and
  /// several at a time.
  [[nodiscard]] virtual Result<Ref<Buffer>> allocate(const PoolConfig& config);

  /// Before a buffer is lent, by whoever acquires it.
  virtual void acquired(Buffer& /*buffer*/) noexcept {}

  /// When it is back and as the pool made it, to do more of that; by whoever gave it back.
  virtual void reset(Buffer& /*buffer*/) noexcept {}

  /// Then. False: it shall not be lent again.
  [[nodiscard]] virtual bool released(Buffer& /*buffer*/) noexcept { return true; }

  /// Takes one that is the pool's no more; by default lets it go. It is as it was made, unless its
  /// memories were exchanged, so that `allocate` may give it again.
  virtual void dispose(Ref<Buffer> /*buffer*/) noexcept {}

 private:
  Hears hears_;
};

}  // namespace millrace
