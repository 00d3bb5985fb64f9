// SPDX-License-Identifier: MIT
// A pool of one's own: frames of a camera that shows black bars above and below. Every buffer says
// so by a CropMeta that is the pool's, the camera wants three buffers at least, and what it
// delivered damaged is not lent again, as its memory is suspected.
#include <cstdio>
#include <memory>

#include "engine/format/layout.h"
#include "engine/memory/pool.h"
#include "engine/memory/system_allocator.h"

namespace {

using namespace millrace;

struct Counts {
  int running = 0;
  int made = 0;
  int gone = 0;
};

class CameraBuffers final : public PoolHooks {
 public:
  // Of every return, not of every acquire: what is not asked for costs nothing.
  explicit CameraBuffers(Counts& counts) : PoolHooks({.returned = true}), counts_(counts) {}

  Result<PoolAnswer> review(const PoolConfig& wanted) override {
    if (wanted.count.min >= 3) return PoolHooks::review(wanted);
    PoolConfig more = wanted;
    more.count = exactly(3);
    return PoolCounterOffer{more, "the camera fills one buffer while two wait"};
  }

  Result<> start(const PoolConfig& /*config*/) override {
    ++counts_.running;
    return {};
  }

  void stop() noexcept override { --counts_.running; }

  Result<Ref<Buffer>> allocate(const PoolConfig& config) override {
    Ref<Buffer> buffer = MILLRACE_TRY(PoolHooks::allocate(config));
    MILLRACE_TRY(buffer->add(CropMeta{.x = 0, .y = 16, .width = 320, .height = 148}));
    ++counts_.made;
    return buffer;
  }

  void reset(Buffer& buffer) noexcept override { buffer.flags.gap = true; }  // until it is filled

  bool released(Buffer& buffer) noexcept override { return !damaged(buffer); }

  void dispose(Ref<Buffer> /*buffer*/) noexcept override { ++counts_.gone; }

 private:
  static bool damaged(Buffer& buffer) {
    const Result<ReadView> view = buffer.read();
    return !view || view->bytes()[0] == std::byte{0xff};
  }

  Counts& counts_;
};

Result<Ref<BufferPool>> open(Counts& counts, const PoolConfig& wanted) {
  auto pool = make_ref<BufferPool>(std::make_unique<CameraBuffers>(counts));
  PoolAnswer answer = MILLRACE_TRY(pool->configure(wanted));
  if (const auto* offer = std::get_if<PoolCounterOffer>(&answer)) {
    std::printf("counter-offer of %zu buffers: %s\n", offer->config.count.min, offer->why.c_str());
    answer = MILLRACE_TRY(pool->configure(offer->config));
  }
  MILLRACE_TRY(pool->activate());
  return pool;
}

Result<> mark(Buffer& buffer, std::byte value) {
  const WriteView view = MILLRACE_TRY(buffer.write());
  view.bytes()[0] = value;
  return {};
}

Result<bool> lends_what_the_camera_needs(Counts& counts) {
  const VideoMeta video{.width = 320,
                        .height = 180,
                        .layout = MILLRACE_TRY(default_layout(PixelFormat::nv12, 320, 180))};
  SystemAllocator allocator;
  const Ref<BufferPool> pool =
      MILLRACE_TRY(open(counts, {.count = exactly(2), .allocator = &allocator, .video = video}));
  for (const std::byte value : {std::byte{1}, std::byte{0xff}, std::byte{1}}) {
    const Ref<Buffer> frame = MILLRACE_TRY(pool->acquire());
    if (!frame->video() || !frame->crop() || frame->crop()->y != 16) return false;
    MILLRACE_TRY(mark(*frame, value));
  }
  const PoolSnapshot seen = pool->snapshot();
  return seen.free == 2 && seen.discarded(Discard::refused) == 1 && counts.running == 1;
}

}  // namespace

int main() {
  Counts counts;
  const auto lent = lends_what_the_camera_needs(counts);
  if (!lent) {
    std::fprintf(stderr, "error: %s\n", lent.error().what.c_str());
    return 1;
  }
  std::printf("%d buffers made, %d gone again\n", counts.made, counts.gone);
  return *lent && counts.running == 0 && counts.made == 3 && counts.gone == 3 ? 0 : 1;
}
