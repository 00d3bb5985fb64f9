// SPDX-License-Identifier: MIT
#include "engine/memory/pool.h"

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
  const Lock control(control_);
  PoolAnswer answer = MILLRACE_TRY(hooks_->review(wanted));
  auto* const accepted = std::get_if<PoolAccepted>(&answer);
  if (!accepted) return answer;
  // Once for all buffers of the generation, whatever becomes the default meanwhile.
  if (!accepted->config.allocator) {
    accepted->config.allocator = &AllocatorRegistry::process().default_allocator();
  }
  {
    const Lock lock(mutex_);
    if (generation_->retired()) {
      config_ = accepted->config;
      state_ = PoolState::configured;
      return answer;
    }
    if (config_ == accepted->config) return answer;
  }
  MILLRACE_TRY(begin_generation(accepted->config));
  return answer;
}

Result<> BufferPool::activate() {
  const Lock control(control_);
  if (state() == PoolState::inactive) {
    return fail(ErrorKind::usage, "activate a pool: it was never configured",
                "Call configure() first.");
  }
  if (state() != PoolState::configured) return {};
  return begin_generation(config());
}

void BufferPool::deactivate() {
  const Lock control(control_);
  Retired retired;
  {
    const Lock lock(mutex_);
    if (generation_->retired()) return;
    retired = retire();
    returned_.notify_all();
  }
  let_go(retired);
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
Result<> BufferPool::begin_generation(const PoolConfig& config) {
  PoolGeneration* const next = MILLRACE_TRY(idle_generation());
  MILLRACE_TRY(hooks_->start(config));
  Result<std::vector<Ref<Buffer>>> buffers = allocate_all(config);
  if (!buffers) {
    hooks_->stop();
    return fail(std::move(buffers.error()));
  }
  Retired retired;
  Hook hook;
  {
    const Lock lock(mutex_);
    const bool flushing = state_ == PoolState::flushing;
    if (!generation_->retired()) retired = retire();
    next->begin(++number_, config, rules_for(config, *hooks_));
    ++unfinished_;
    for (Ref<Buffer>& buffer : *buffers) next->add(*buffer.release());
    generation_ = next;
    current_.store(&next->first(), std::memory_order_release);
    config_ = config;
    state_ = flushing ? PoolState::flushing : PoolState::active;
    returned_.notify_all();
    hook = wake_one();
  }
  let_go(retired);
  if (hook) (*hook)();
  return {};
}

Result<PoolGeneration*> BufferPool::idle_generation() {
  const Lock lock(mutex_);
  if (closing_) {
    return fail(ErrorKind::cancelled, "activate a pool: its last handle was given up before");
  }
  for (const auto& generation : generations_) {
    if (generation->idle()) return generation.get();
  }
  generations_.push_back(std::make_unique<PoolGeneration>(*this));
  return generations_.back().get();
}

Result<Ref<Buffer>> BufferPool::allocate_one(const PoolConfig& config) {
  Ref<Buffer> buffer = MILLRACE_TRY(hooks_->allocate(config));
  if (buffer && buffer->is_sole_owner() && !buffer->pool()) return buffer;
  return fail(ErrorKind::internal,
              "make a buffer for a pool: its hooks gave none, or one that somebody else has");
}

Result<std::vector<Ref<Buffer>>> BufferPool::allocate_all(const PoolConfig& config) {
  std::vector<Ref<Buffer>> buffers;
  buffers.reserve(config.count.min);
  while (buffers.size() < config.count.min) {
    Result<Ref<Buffer>> buffer = allocate_one(config);
    if (!buffer) {
      for (Ref<Buffer>& made : buffers) hooks_->dispose(std::move(made));
      return fail(std::move(buffer.error()));
    }
    buffers.push_back(buffer.take());
  }
  return buffers;
}

BufferPool::Retired BufferPool::retire() {
  state_ = PoolState::configured;
  Retired retired{.generation = generation_};
  retired.is_empty = generation_->retire(retired.free);
  return retired;
}

void BufferPool::let_go(const Retired& retired) noexcept {
  for (Buffer* const buffer : retired.free) discard(*buffer, Discard::none);
  if (retired.is_empty) finish(*retired.generation);
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
  Retired retired;
  bool closed = false;
  {
    const Lock lock(mutex_);
    closed = closed_;
    closing_ = true;
    ++unfinished_;  // this thread
    if (!generation_->retired()) retired = retire();
  }
  if (closed) {
    delete this;
    return;
  }
  let_go(retired);
  leave();
}

}  // namespace millrace
