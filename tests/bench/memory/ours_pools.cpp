// SPDX-License-Identifier: MIT
// BufferPool with a video meta on every buffer.
#include "engine/memory/pool.h"
#include "tests/bench/memory/ours.h"
#include "tests/bench/memory/two_threads.h"

namespace millrace::bench {
namespace ours {
namespace {

Ref<BufferPool> active_pool(size_t buffers, bool track_holders = false) {
  PoolConfig config;
  config.count = exactly(buffers);
  config.size = picture_bytes;
  config.video = picture_meta();
  config.options.track_holders = track_holders;
  return must_have(BufferPool::create(allocator(), config), "our pool");
}

class Pool {
 public:
  void* acquire() { return pool_->try_acquire().release(); }

  void release(void* buffer) { Ref<Buffer>::adopt(static_cast<Buffer*>(buffer)); }

 private:
  Ref<BufferPool> pool_ = active_pool(pool_size);
};

struct AcquireRelease {
  Ref<BufferPool> pool = active_pool(pool_size);

  void operator()() {
    const Ref<Buffer> buffer = pool->try_acquire();
    look_at(buffer.get());
  }
};

struct AcquireTrackedRelease : AcquireRelease {
  AcquireTrackedRelease() { pool = active_pool(pool_size, true); }
};

struct AcquireAddMetaRelease {
  Ref<BufferPool> pool = active_pool(pool_size);

  void operator()() {
    const Ref<Buffer> buffer = pool->try_acquire();
    look_at(buffer->add(CropMeta{.x = 0, .y = 0, .width = picture_width, .height = 8}).has_value());
  }
};

struct Activate {
  void operator()() { look_at(active_pool(8).get()); }
};

}  // namespace
}  // namespace ours

void add_our_pools(Contenders& all) {
  using namespace ours;
  all.push_back(contender<StageLoop<AcquireRelease>>("pool", "ours"));
  all.push_back(contender<StageLoop<AcquireRelease>>("pool-holder", "untracked"));
  all.push_back(contender<StageLoop<AcquireTrackedRelease>>("pool-holder", "ours"));
  all.push_back(contender<StageLoop<AcquireAddMetaRelease>>("pool-meta-added", "ours"));
  all.push_back(long_contender<StageLoop<Activate>>("pool-activate", "ours"));
  add_shared_pool<Pool>(all, "ours");
}

}  // namespace millrace::bench
