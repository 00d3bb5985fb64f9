// SPDX-License-Identifier: MIT
#include "engine/memory/pool.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "engine/memory/allocator_registry.h"

namespace millrace {
namespace {

PoolShelf::Rules rules_for(const PoolConfig& config, const PoolHooks& hooks) {
  return {.attended = hooks.hears().returned,
          .tracks = config.options.track_holders,
          .announced = hooks.hears().acquired};
}

/// Hooks may answer anything.
Result<> check_answer(const PoolCount& count) {
  const size_t limit = count.limit();
  if (limit >= 1 && count.min <= limit && limit <= PoolCount::most) return {};
  return fail(ErrorKind::internal,
              fmt::format("configure a pool: its hooks answered {} to {} buffers; 1 to {} are "
                          "possible, and no more at least than at most",
                          count.min, limit, PoolCount::most),
              "Mend the pool's `review`, or have check_config look at what it answers.");
}

Failure closed() {
  return fail(ErrorKind::cancelled, "activate a pool: its last handle was given up before");
}

/// Hooks are somebody else's code: what they throw must not cost the pool a place.
Result<Ref<Buffer>> ask_for_buffer(PoolHooks& hooks, const PoolConfig& config) {
  try {
    return hooks.allocate(config);
  } catch (const std::exception& thrown) {
    return fail(ErrorKind::internal,
                fmt::format("make a buffer for a pool: its hooks threw: {}", thrown.what()));
  } catch (...) {
    return fail(ErrorKind::internal, "make a buffer for a pool: its hooks threw");
  }
}

}  // namespace

BufferPool::BufferPool(std::unique_ptr<PoolHooks> hooks) : hooks_(std::move(hooks)) {
  const Lock lock(mutex_);
  generations_.push_back(std::make_unique<PoolGeneration>(*this));
  generation_ = generations_.front().get();
  current_.store(&generation_->first(), std::memory_order_release);
}

Result<Ref<BufferPool>> BufferPool::create(const PoolConfig& config,
                                           std::unique_ptr<PoolHooks> hooks) {
  auto pool = make_ref<BufferPool>(std::move(hooks));
  const PoolAnswer answer = MILLRACE_TRY(pool->configure(config));
  if (const auto* offer = std::get_if<PoolCounterOffer>(&answer)) {
    return fail(ErrorKind::usage, "make a pool: " + offer->why,
                fmt::format("{} bytes a buffer would do.", offer->config.size));
  }
  MILLRACE_TRY(pool->activate());
  return pool;
}

Result<Ref<BufferPool>> BufferPool::create(Allocator& allocator, PoolConfig config) {
  config.allocator = &allocator;
  return create(config, std::make_unique<PoolHooks>());
}

Result<PoolAnswer> BufferPool::configure(const PoolConfig& wanted) {
  Aftermath after;
  PoolAnswer answer;
  {
    const Lock control(control_);
    answer = MILLRACE_TRY(review(wanted));
    const auto* accepted = std::get_if<PoolAccepted>(&answer);
    if (!accepted || keeps_running(accepted->config)) return answer;
    after = MILLRACE_TRY(begin_generation(accepted->config));
  }
  conclude(after);
  return answer;
}

/// What the hooks answer, where that can be.
Result<PoolAnswer> BufferPool::review(const PoolConfig& wanted) {
  if (!hooks_) {
    return fail(ErrorKind::usage, "configure a pool: it was made without hooks",
                "Make it with a PoolHooks, or leave that argument away.");
  }
  PoolAnswer answer = MILLRACE_TRY(hooks_->review(wanted));
  if (auto* const accepted = std::get_if<PoolAccepted>(&answer)) {
    MILLRACE_TRY(check_answer(accepted->config.count));
    // Once for all buffers of the generation, whatever becomes the default meanwhile.
    if (!accepted->config.allocator) {
      accepted->config.allocator = &AllocatorRegistry::process().default_allocator();
    }
  }
  return answer;
}

/// Takes the configuration where no generation has to begin for it.
bool BufferPool::keeps_running(const PoolConfig& config) {
  const Lock lock(mutex_);
  if (!generation_->retired()) return config_ == config;
  config_ = config;
  state_ = PoolState::configured;
  return true;
}

Result<> BufferPool::activate() {
  Aftermath after;
  {
    const Lock control(control_);
    if (state() == PoolState::inactive) {
      return fail(ErrorKind::usage, "activate a pool: it was never configured",
                  "Call configure() first.");
    }
    if (state() != PoolState::configured) return {};
    after = MILLRACE_TRY(begin_generation(config()));
  }
  conclude(after);
  return {};
}

void BufferPool::deactivate() {
  Aftermath after;
  {
    const Lock control(control_);
    const Lock lock(mutex_);
    if (generation_->retired()) return;
    after = retire();
    returned_.notify_all();
  }
  conclude(after);
}

void BufferPool::set_flushing(bool flushing) {
  Hook hook;
  {
    const Lock lock(mutex_);
    if (generation_->retired()) return;
    state_ = flushing ? PoolState::flushing : PoolState::active;
    generation_->slow_down();
    returned_.notify_all();
    if (!flushing) hook = wake_one();
  }
  if (hook) (*hook)();
}

/// Makes the buffers first, then lets the new generation take the place of the current one.
Result<BufferPool::Aftermath> BufferPool::begin_generation(const PoolConfig& config) {
  PoolGeneration* const next = MILLRACE_TRY(idle_generation());
  MILLRACE_TRY(hooks_->start(config));
  std::vector<Ref<Buffer>> buffers;
  Result<> made = allocate_all(config, buffers);
  if (made) {
    const Lock lock(mutex_);
    if (!closing_) return put_in_force(*next, config, buffers);
    made = closed();
  }
  for (Ref<Buffer>& buffer : buffers) hooks_->dispose(std::move(buffer));
  hooks_->stop();
  return fail(std::move(made.error()));
}

BufferPool::Aftermath BufferPool::put_in_force(PoolGeneration& next, const PoolConfig& config,
                                               std::vector<Ref<Buffer>>& buffers) {
  Aftermath after;
  const bool flushing = state_ == PoolState::flushing;
  if (!generation_->retired()) after = retire();
  next.begin(++number_, config, rules_for(config, *hooks_));
  ++unfinished_;
  for (Ref<Buffer>& buffer : buffers) next.add(*buffer.release());
  generation_ = &next;
  current_.store(&next.first(), std::memory_order_release);
  config_ = config;
  state_ = flushing ? PoolState::flushing : PoolState::active;
  failure_.reset();
  returned_.notify_all();
  after.hook = wake_one();
  return after;
}

Result<PoolGeneration*> BufferPool::idle_generation() {
  const Lock lock(mutex_);
  if (closing_) return closed();
  for (const auto& generation : generations_) {
    if (generation->idle()) return generation.get();
  }
  generations_.push_back(std::make_unique<PoolGeneration>(*this));
  return generations_.back().get();
}

Result<Ref<Buffer>> BufferPool::allocate_one(const PoolConfig& config) {
  Ref<Buffer> buffer = MILLRACE_TRY(ask_for_buffer(*hooks_, config));
  if (buffer && buffer->is_sole_owner() && !buffer->pool()) return buffer;
  return fail(ErrorKind::internal,
              "make a buffer for a pool: its hooks gave none, or one that somebody else has");
}

/// After an error `buffers` are those that were made before.
Result<> BufferPool::allocate_all(const PoolConfig& config, std::vector<Ref<Buffer>>& buffers) {
  buffers.reserve(config.count.min);
  while (buffers.size() < config.count.min) {
    buffers.push_back(MILLRACE_TRY(allocate_one(config)));
  }
  return {};
}

BufferPool::Aftermath BufferPool::retire() {
  state_ = PoolState::configured;
  Aftermath after{.retired = generation_};
  after.is_empty = generation_->retire(after.free);
  return after;
}

void BufferPool::conclude(const Aftermath& after) noexcept {
  for (Buffer* const buffer : after.free) discard(*buffer, Discard::none);
  if (after.is_empty) finish(*after.retired);
  if (after.hook) (*after.hook)();
}

void BufferPool::finish(PoolGeneration& generation) noexcept {
  hooks_->stop();
  {
    const Lock lock(mutex_);
    generation.rest();
  }
  leave();
}

/// One thing less that keeps a closing pool. After the last one the pool gives itself up.
void BufferPool::leave() noexcept {
  {
    const Lock lock(mutex_);
    if (--unfinished_ > 0 || !closing_) return;
    closed_ = true;
  }
  unref();
}

/// Nobody has a handle any more: the pool keeps itself until all that it lent is home.
void BufferPool::on_last_ref() noexcept {
  Aftermath after;
  bool is_over = false;
  {
    const Lock lock(mutex_);
    is_over = closed_;
    closing_ = true;
    ++unfinished_;  // this thread
    if (!generation_->retired()) after = retire();
  }
  if (is_over) {
    delete this;
    return;
  }
  conclude(after);
  leave();
}

}  // namespace millrace
