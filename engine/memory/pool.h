// SPDX-License-Identifier: MIT
// BufferPool: equal buffers, lent and taken back.
//
//            configure              activate             set_flushing(true)
//   inactive ---------> configured ----------> active ----------------------> flushing
//                           <---------------------'  <------------------------'
//                              deactivate               set_flushing(false)
//
// A buffer comes home with its last reference, on whatever thread that happens, once its release
// fences are signalled, with its times, flags, window and metas as the pool made them. One whose
// bytes somebody still shows, or whose memories were exchanged, is discarded, which is counted; its
// slot gets a new buffer when one is wanted. Copies and views of a lent buffer keep it lent.
//
// A new configuration while buffers are out begins a new generation: those of the old one go when
// they come home. Lent buffers keep the pool alive, so the order of death is free.
//
// Acquiring and returning take no lock, allocate nothing and call nobody, unless somebody waits
// (pool_shelf.h). Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/base/ticks.h"
#include "engine/memory/buffer.h"
#include "engine/memory/pool_config.h"
#include "engine/memory/pool_generation.h"
#include "engine/memory/pool_hooks.h"
#include "engine/memory/pool_shelf.h"
#include "engine/memory/pool_snapshot.h"

namespace millrace {

class MILLRACE_API BufferPool final : public RefCounted {
 public:
  /// An inactive one.
  BufferPool() : BufferPool(std::make_unique<PoolHooks>()) {}

  /// Without hooks (null) it can never be configured.
  explicit BufferPool(std::unique_ptr<PoolHooks> hooks);

  /// An active one. A counter-offer is an error here.
  [[nodiscard]] static Result<Ref<BufferPool>> create(const PoolConfig& config,
                                                      std::unique_ptr<PoolHooks> hooks);
  [[nodiscard]] static Result<Ref<BufferPool>> create(Allocator& allocator, PoolConfig config);

  /// The configuration of the next activation; of an active pool at once, unless nothing changes:
  /// its `min` buffers are allocated before anything else happens, and an error leaves all as it
  /// was. What is accepted names its allocator. Errors: those of check_config and of the allocator;
  /// `internal` for hooks that answer a number of buffers that cannot be.
  [[nodiscard]] Result<PoolAnswer> configure(const PoolConfig& wanted);

  /// Allocates `min` buffers, all or none. Does nothing for an active pool. Errors: `usage` where
  /// it was never configured; the allocator's.
  [[nodiscard]] Result<> activate();

  /// Whoever waits for a buffer is told so; free buffers go at once, the others when they return.
  void deactivate();

  /// While an active pool is flushing nobody gets a buffer; its buffers stay.
  void set_flushing(bool flushing);

  /// A free or new buffer; null when all are lent, when none can be made, and when the pool is not
  /// active. Why none can be made is in the snapshot, as `failure`: with nothing lent, nothing
  /// comes home either, and on_available's hook may never be called.
  [[nodiscard]] Ref<Buffer> try_acquire() {
    Buffer* buffer = nullptr;
    if (current_.load(std::memory_order_acquire)->try_take(buffer)) [[likely]] {
      return Ref<Buffer>::adopt(buffer);
    }
    return try_acquire_slowly();
  }

  /// Waits for a free buffer. Errors: `timeout` at `deadline`, naming who holds the buffers where
  /// that is tracked; `cancelled` when `stop` is asked for and when the pool is not active or is
  /// flushing; the allocator's, where one more was to be made.
  [[nodiscard]] Result<Ref<Buffer>> acquire(std::stop_token stop = {},
                                            std::optional<Timestamp> deadline = std::nullopt);

  /// Called when there may be a buffer again for somebody whose try_acquire found none: on the
  /// thread that made it so, by giving one back, ending a flush or configuring, with no lock of the
  /// pool held. Must not throw. Cleared with an empty function; a call that has begun may then
  /// still be running.
  void on_available(std::function<void()> hook);

  [[nodiscard]] PoolState state() const;
  [[nodiscard]] PoolConfig config() const;
  [[nodiscard]] size_t free_count() const;
  [[nodiscard]] size_t low_water() const;  ///< the fewest free buffers of this generation so far
  [[nodiscard]] PoolSnapshot snapshot() const;

  /// The memories of all free buffers, for importers that prepare them before the first frame.
  [[nodiscard]] std::vector<Ref<Memory>> memories() const;

  /// What `holder` in a PoolSlot means, for error messages: by StageId.
  void name_holders(std::vector<std::string> names);

  /// Says that `stage` has the buffer now. Does nothing where that is not tracked.
  static void note_holder(const Buffer& buffer, observe::StageId stage);

 private:
  friend class PoolShelf;
  using Hook = std::shared_ptr<const std::function<void()>>;

  /// A buffer, or room for one that is still to be made.
  struct Found {
    Buffer* buffer = nullptr;
    PoolGeneration::Vacancy vacancy;
  };

  /// What a change leaves to be done once no lock is held.
  struct Aftermath {
    PoolGeneration* retired = nullptr;
    std::vector<Buffer*> free{};  ///< of it; they count until they are discarded
    bool is_empty = false;        ///< it had no buffer at all
    Hook hook{};
  };

  /// What the hook is owed a call for; each includes the one before.
  enum class Hunger : uint8_t {
    none,
    for_memory,  ///< none could be made: for a buffer that comes home, or memory given back
    for_room,    ///< there were as many as there may be: also for room, which need not be memory
  };

  ~BufferPool() override = default;
  void on_last_ref() noexcept override;
  Result<PoolAnswer> review(const PoolConfig& wanted);
  bool keeps_running(const PoolConfig& config);
  Result<Aftermath> begin_generation(const PoolConfig& config) MILLRACE_REQUIRES(control_);
  Aftermath put_in_force(PoolGeneration& next, const PoolConfig& config,
                         std::vector<Ref<Buffer>>& buffers) MILLRACE_REQUIRES(mutex_);
  Result<PoolGeneration*> idle_generation();
  Result<Ref<Buffer>> allocate_one(const PoolConfig& config);
  Result<> allocate_all(const PoolConfig& config, std::vector<Ref<Buffer>>& buffers);
  Aftermath retire() MILLRACE_REQUIRES(mutex_);
  void conclude(const Aftermath& after) noexcept;
  void finish(PoolGeneration& generation) noexcept;
  void leave() noexcept;

  Ref<Buffer> try_acquire_slowly();
  Ref<Buffer> try_acquire_returned();
  Buffer* take_free() MILLRACE_REQUIRES(mutex_);
  std::optional<Found> look() MILLRACE_REQUIRES(mutex_);
  Result<Found> wait_for_one(const std::stop_token& stop, std::optional<Timestamp> deadline);
  Result<Found> look_until(const std::stop_token& stop, std::optional<Timestamp> deadline)
      MILLRACE_REQUIRES(mutex_);
  Result<Ref<Buffer>> lend(const Found& found);
  Result<Ref<Buffer>> grow(const PoolGeneration::Vacancy& vacancy);
  [[nodiscard]] Failure timed_out() const MILLRACE_REQUIRES(mutex_);

  [[nodiscard]] Discard ask_hooks(Buffer& buffer) noexcept;
  void returned(PoolShelf& shelf, uint64_t bit) noexcept;
  void discard(Buffer& buffer, Discard cause) noexcept;
  void give_up(const PoolGeneration::Vacancy& vacancy, const Error& why) noexcept;
  void vacate(const PoolGeneration::Vacancy& vacancy, Discard cause) noexcept;
  [[nodiscard]] Hook wake_one(Hunger fed = Hunger::for_memory) MILLRACE_REQUIRES(mutex_);
  void grow_hungry(Hunger hunger) MILLRACE_REQUIRES(mutex_);
  void settle() const MILLRACE_REQUIRES(mutex_);
  [[nodiscard]] std::string name_of(observe::StageId holder) const MILLRACE_REQUIRES(mutex_);

  const std::unique_ptr<PoolHooks> hooks_;
  const TickClock clock_;
  std::atomic<PoolShelf*> current_;  ///< the first shelf of generation_

  Mutex control_;  ///< held while the pool is configured, activated or deactivated; before mutex_
  mutable Mutex mutex_;
  Condition returned_;
  std::vector<std::unique_ptr<PoolGeneration>> generations_ MILLRACE_GUARDED_BY(mutex_);
  PoolGeneration* generation_ MILLRACE_GUARDED_BY(mutex_);
  PoolState state_ MILLRACE_GUARDED_BY(mutex_) = PoolState::inactive;
  PoolConfig config_ MILLRACE_GUARDED_BY(mutex_);
  uint32_t number_ MILLRACE_GUARDED_BY(mutex_) = 0;    ///< generations so far
  size_t unfinished_ MILLRACE_GUARDED_BY(mutex_) = 0;  ///< what a closing pool waits for
  size_t waiting_ MILLRACE_GUARDED_BY(mutex_) = 0;     ///< threads in acquire
  Hunger hunger_ MILLRACE_GUARDED_BY(mutex_) = Hunger::none;
  bool closing_ MILLRACE_GUARDED_BY(mutex_) = false;  ///< nobody has a handle any more
  bool closed_ MILLRACE_GUARDED_BY(mutex_) = false;   ///< and nobody a buffer
  Hook hook_ MILLRACE_GUARDED_BY(mutex_);
  std::array<uint64_t, discard_causes> discards_ MILLRACE_GUARDED_BY(mutex_){};
  std::optional<Error> failure_ MILLRACE_GUARDED_BY(mutex_);
  std::vector<std::string> holder_names_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace
