// SPDX-License-Identifier: MIT
// GstVideoBufferPool with its video meta.
#include <cstdlib>
#include <vector>

#include "tests/bench/memory/gstreamer.h"
#include "tests/bench/memory/two_threads.h"

namespace millrace::bench {
namespace gst {
namespace {

Owned<GstCaps> picture_caps() {
  const GstVideoInfo info = picture_info();
  return Owned<GstCaps>(gst_video_info_to_caps(&info));
}

Owned<GstBufferPool> active_pool(GstCaps* caps, guint buffers) {
  Owned<GstBufferPool> pool(gst_video_buffer_pool_new());
  GstStructure* const config = gst_buffer_pool_get_config(pool.get());
  gst_buffer_pool_config_set_params(config, caps, picture_bytes, buffers, buffers);
  gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  need(gst_buffer_pool_set_config(pool.get(), config) &&
           gst_buffer_pool_set_active(pool.get(), TRUE),
       "GStreamer's pool");
  return pool;
}

void stop(GstBufferPool* pool) {
  gst_buffer_pool_set_active(pool, FALSE);
}

class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  ~Pool() { stop(pool_.get()); }

  void* acquire() {
    GstBuffer* buffer = nullptr;
    gst_buffer_pool_acquire_buffer(pool_.get(), &buffer, nullptr);
    return buffer;
  }

  void release(void* buffer) { gst_buffer_unref(static_cast<GstBuffer*>(buffer)); }

 private:
  Owned<GstBufferPool> pool_ = active_pool(picture_caps().get(), pool_size);
};

struct AcquireRelease {
  Pool pool;

  void operator()() {
    void* const buffer = pool.acquire();
    look_at(buffer);
    pool.release(buffer);
  }
};

struct AcquireAddMetaRelease {
  Pool pool;

  void operator()() {
    void* const buffer = pool.acquire();
    gst_buffer_add_video_crop_meta(static_cast<GstBuffer*>(buffer))->width = picture_width;
    pool.release(buffer);
  }
};

struct Activate {
  Owned<GstCaps> caps = picture_caps();

  void operator()() { stop(active_pool(caps.get(), 8).get()); }
};

}  // namespace
}  // namespace gst

void add_gstreamer_pools(Contenders& all) {
  all.push_back(contender<Loop<gst::AcquireRelease>>("pool", "gst"));
  all.push_back(contender<Loop<gst::AcquireAddMetaRelease>>("pool-meta-added", "gst"));
  all.push_back(long_contender<Loop<gst::Activate>>("pool-activate", "gst"));
  add_shared_pool<gst::Pool>(all, "gst");
}

}  // namespace millrace::bench
