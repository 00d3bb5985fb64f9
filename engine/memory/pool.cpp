// SPDX-License-Identifier: MIT
#include "engine/memory/pool.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace {
namespace {

constexpr size_t most_buffers = 1024;

}  // namespace

Result<Ref<BufferPool>> BufferPool::create(Allocator& allocator, const PoolConfig& config) {
  if (config.count == 0 || config.count > most_buffers) {
    return fail(ErrorKind::usage, fmt::format("make a pool of {} buffers: 1 to {} are possible",
                                              config.count, most_buffers));
  }
  if (config.video) {
    const VideoMeta& video = *config.video;
    MILLRACE_TRY(check_layout(video.layout, video.width, video.height, config.size));
  }
  Ref<BufferPool> pool = Ref<BufferPool>::adopt(new BufferPool(config));
  const Lock lock(pool->mutex_);
  pool->free_.reserve(config.count);
  for (size_t index = 0; index < config.count; ++index) {
    Ref<Memory> memory = MILLRACE_TRY(allocator.allocate(config.size, config.params));
    auto* buffer = new Buffer(std::move(memory));
    buffer->slot_ = static_cast<uint32_t>(index);
    buffer->home_video_ = config.video;
    buffer->reset();
    pool->free_.push_back(buffer);
  }
  std::ranges::reverse(pool->free_);  // slot 0 is lent first
  pool->low_water_ = config.count;
  return pool;
}

BufferPool::~BufferPool() {
  const Lock lock(mutex_);
  for (Buffer* buffer : free_) delete buffer;
}

Ref<Buffer> BufferPool::lend_locked() {
  if (free_.empty()) return nullptr;
  Buffer* const buffer = free_.back();
  free_.pop_back();
  low_water_ = std::min(low_water_, free_.size());
  buffer->pool_ = Ref<BufferPool>::share(this);
  return Ref<Buffer>::adopt(buffer);
}

Ref<Buffer> BufferPool::try_acquire() {
  const Lock lock(mutex_);
  return lend_locked();
}

Result<Ref<Buffer>> BufferPool::acquire(std::stop_token stop, std::optional<Timestamp> deadline) {
  const std::stop_callback wake(stop, [this] {
    const Lock lock(mutex_);
    returned_.notify_all();
  });
  const Lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (Ref<Buffer> buffer = lend_locked()) return buffer;
    if (!deadline) {
      returned_.wait(mutex_);
    } else if (!returned_.wait_until(mutex_, *deadline) && free_.empty()) {
      return fail(ErrorKind::timeout,
                  fmt::format("acquire a buffer: all {} of the pool were out", config_.count),
                  "Raise --buffers, or look for the stage that keeps them.");
    }
  }
  // A return may have woken this thread instead of one that still waits.
  if (!free_.empty()) returned_.notify_one();
  return fail(ErrorKind::cancelled, "acquire a buffer: stopped");
}

void BufferPool::on_available(std::function<void()> hook) {
  const Lock lock(mutex_);
  hook_ = hook ? std::make_shared<const std::function<void()>>(std::move(hook)) : nullptr;
}

size_t BufferPool::free_count() const {
  const Lock lock(mutex_);
  return free_.size();
}

size_t BufferPool::low_water() const {
  const Lock lock(mutex_);
  return low_water_;
}

std::vector<Ref<Memory>> BufferPool::memories() const {
  const Lock lock(mutex_);
  std::vector<Ref<Memory>> all;
  for (const Buffer* buffer : free_) all.push_back(buffer->memories_[0]);
  return all;
}

void BufferPool::take_back(Buffer* buffer) noexcept {
  buffer->reset();
  buffer->revive();
  std::shared_ptr<const std::function<void()>> hook;
  {
    const Lock lock(mutex_);
    free_.push_back(buffer);
    hook = hook_;
  }
  returned_.notify_one();
  if (hook) (*hook)();
}

}  // namespace millrace
