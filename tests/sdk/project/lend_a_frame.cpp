// SPDX-License-Identifier: MIT
// A user of the installed library: lays out a frame, makes a pool of two, lends one and paints it.
#include <algorithm>
#include <cstdio>

#include "engine/format/layout.h"
#include "engine/memory/frame_view.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/memory/pool.h"

namespace {

millrace::Result<size_t> paint_one_frame() {
  using namespace millrace;
  const Layout layout = MILLRACE_TRY(tight_layout(PixelFormat::nv12, 320, 180));
  MemfdAllocator allocator;
  const PoolConfig config{.count = exactly(2),
                          .size = layout.size,
                          .video = VideoMeta{.width = 320, .height = 180, .layout = layout}};
  const Ref<BufferPool> pool = MILLRACE_TRY(BufferPool::create(allocator, config));
  const Ref<Buffer> frame = pool->try_acquire();
  const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(*frame));
  for (size_t y = 0; y < 180; ++y) std::ranges::fill(view.plane(0).row(y), std::byte{16});
  return pool->free_count();
}

}  // namespace

int main() {
  const auto left = paint_one_frame();
  if (!left) {
    std::fprintf(stderr, "error: %s\n", left.error().what.c_str());
    return 1;
  }
  std::printf("millrace %s: one frame painted, %zu left in the pool\n", SDK_VERSION, *left);
  return *left == 1 ? 0 : 1;
}
