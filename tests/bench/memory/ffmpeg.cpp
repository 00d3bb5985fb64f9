// SPDX-License-Identifier: MIT
// AVBufferPool, AVBufferRef and AVFrame as FFmpeg's decoders and filters use them.
#include <array>
#include <memory>
#include <vector>

extern "C" {
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
}

#include "tests/bench/memory/picture.h"
#include "tests/bench/memory/two_threads.h"

namespace millrace::bench {
namespace av {
namespace {

struct Free {
  void operator()(AVBufferRef* buffer) const { av_buffer_unref(&buffer); }

  void operator()(AVFrame* frame) const { av_frame_free(&frame); }

  void operator()(AVBufferPool* pool) const { av_buffer_pool_uninit(&pool); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

void describe_picture(AVFrame* frame) {
  frame->format = AV_PIX_FMT_NV12;
  frame->width = static_cast<int>(picture_width);
  frame->height = static_cast<int>(picture_height);
}

Owned<AVFrame> picture() {
  Owned<AVFrame> frame(av_frame_alloc());
  describe_picture(frame.get());
  need(av_frame_get_buffer(frame.get(), 0) == 0, "FFmpeg's picture");
  return frame;
}

struct BufferRefUnref {
  Owned<AVBufferRef> buffer{av_buffer_alloc(picture_bytes)};

  void operator()() { Owned<AVBufferRef>(av_buffer_ref(buffer.get())); }
};

struct FrameAllocFree {
  void operator()() {
    const Owned<AVFrame> frame(av_frame_alloc());
    look_at(frame.get());
  }
};

struct FrameRefUnref {
  Owned<AVFrame> from = picture();
  Owned<AVFrame> to{av_frame_alloc()};

  void operator()() {
    av_frame_ref(to.get(), from.get());
    av_frame_unref(to.get());
  }
};

struct FrameClone {
  Owned<AVFrame> from = picture();

  void operator()() { Owned<AVFrame>(av_frame_clone(from.get())); }
};

/// A frame with a reference to a picture's bytes and two pieces of side data, both read.
struct FrameWithSideData {
  Owned<AVBufferRef> bytes{av_buffer_alloc(picture_bytes)};

  void operator()() {
    const Owned<AVFrame> frame(av_frame_alloc());
    frame->buf[0] = av_buffer_ref(bytes.get());
    av_frame_new_side_data(frame.get(), AV_FRAME_DATA_PANSCAN, 64);
    av_frame_new_side_data(frame.get(), AV_FRAME_DATA_REGIONS_OF_INTEREST, 64);
    look_at(av_frame_get_side_data(frame.get(), AV_FRAME_DATA_PANSCAN));
    look_at(av_frame_get_side_data(frame.get(), AV_FRAME_DATA_REGIONS_OF_INTEREST));
  }
};

struct SideDataAddRemove {
  Owned<AVFrame> frame = picture();

  void operator()() {
    look_at(av_frame_new_side_data(frame.get(), AV_FRAME_DATA_PANSCAN, 64));
    av_frame_remove_side_data(frame.get(), AV_FRAME_DATA_PANSCAN);
  }
};

struct CopyPicture {
  Owned<AVFrame> from = picture();
  Owned<AVFrame> to = picture();

  CopyPicture() {
    for (AVFrame* frame : {from.get(), to.get()})
      av_image_fill_black(frame->data,
                          std::array<ptrdiff_t, 2>{frame->linesize[0], frame->linesize[1]}.data(),
                          AV_PIX_FMT_NV12, AVCOL_RANGE_MPEG, frame->width, frame->height);
  }

  void operator()() { av_frame_copy(to.get(), from.get()); }
};

class Pool {
 public:
  Pool() {
    std::vector<void*> filled;
    for (size_t i = 0; i < pool_size; ++i) filled.push_back(acquire());
    for (void* buffer : filled) release(buffer);
  }

  void* acquire() { return av_buffer_pool_get(pool_.get()); }

  void release(void* buffer) { Owned<AVBufferRef>(static_cast<AVBufferRef*>(buffer)); }

 private:
  Owned<AVBufferPool> pool_{av_buffer_pool_init(picture_bytes, nullptr)};
};

/// A frame over each pooled buffer, as a decoder makes one.
class FramePool {
 public:
  void* acquire() {
    AVFrame* const frame = av_frame_alloc();
    describe_picture(frame);
    frame->buf[0] = static_cast<AVBufferRef*>(pool_.acquire());
    frame->data[0] = frame->buf[0]->data;
    frame->data[1] = frame->data[0] + size_t{picture_width} * picture_height;
    frame->linesize[0] = frame->linesize[1] = static_cast<int>(picture_width);
    return frame;
  }

  void release(void* frame) { Owned<AVFrame>(static_cast<AVFrame*>(frame)); }

 private:
  Pool pool_;
};

template <class SomePool>
struct AcquireRelease {
  SomePool pool;

  void operator()() {
    void* const item = pool.acquire();
    look_at(item);
    pool.release(item);
  }
};

struct Activate {
  void operator()() {
    const Owned<AVBufferPool> pool(av_buffer_pool_init(picture_bytes, nullptr));
    std::array<Owned<AVBufferRef>, 8> buffers;
    for (Owned<AVBufferRef>& buffer : buffers) buffer.reset(av_buffer_pool_get(pool.get()));
  }
};

}  // namespace
}  // namespace av

void add_ffmpeg(Contenders& all) {
  all.push_back(contender<Loop<av::BufferRefUnref>>("ref", "av-buffer"));
  all.push_back(contender<Loop<av::FrameRefUnref>>("ref", "av-frame"));
  all.push_back(contender<Loop<av::FrameAllocFree>>("buffer-memory", "av-frame"));
  all.push_back(contender<Loop<av::FrameWithSideData>>("buffer-memory-2-metas", "av-frame"));
  all.push_back(contender<Loop<av::SideDataAddRemove>>("meta-add-remove", "av-frame"));
  all.push_back(contender<Loop<av::FrameClone>>("copy-shallow", "av-frame"));
  all.push_back(long_contender<Loop<av::CopyPicture>>("copy-deep", "av-frame"));
  all.push_back(contender<Loop<av::AcquireRelease<av::Pool>>>("pool", "av-buffer"));
  all.push_back(contender<Loop<av::AcquireRelease<av::FramePool>>>("pool", "av-frame"));
  all.push_back(long_contender<Loop<av::Activate>>("pool-activate", "av-buffer"));
  add_shared_pool<av::Pool>(all, "av-buffer");
  add_shared_pool<av::FramePool>(all, "av-frame");
}

}  // namespace millrace::bench
