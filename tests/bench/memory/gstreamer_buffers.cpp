// SPDX-License-Identifier: MIT
// GstMemory, GstBuffer and GstMeta as an element uses them.
#include <cstring>
#include <vector>

#include "tests/bench/memory/gstreamer.h"

namespace millrace::bench {
namespace gst {
namespace {

/// A picture's memory, every page of it touched.
Owned<GstMemory> picture_memory() {
  Owned<GstMemory> memory(gst_allocator_alloc(nullptr, picture_bytes, nullptr));
  need(memory != nullptr, "GStreamer's memory for a picture");
  gst_memory_resize(memory.get(), 0, picture_bytes);
  GstMapInfo map;
  need(gst_memory_map(memory.get(), &map, GST_MAP_WRITE), "a map of GStreamer's memory");
  memset(map.data, 1, map.size);
  gst_memory_unmap(memory.get(), &map);
  return memory;
}

Owned<GstBuffer> picture_buffer() {
  Owned<GstBuffer> buffer(gst_buffer_new());
  gst_buffer_append_memory(buffer.get(), picture_memory().release());
  return buffer;
}

Owned<GstBuffer> picture_with_meta() {
  Owned<GstBuffer> buffer = picture_buffer();
  need(add_video_meta(buffer.get()) != nullptr, "GStreamer's video meta");
  return buffer;
}

struct RefUnref {
  Owned<GstBuffer> buffer = picture_buffer();

  void operator()() { gst_buffer_unref(gst_buffer_ref(buffer.get())); }
};

struct MakeWithMemory {
  Owned<GstMemory> memory = picture_memory();

  void operator()() {
    GstBuffer* const buffer = gst_buffer_new();
    gst_buffer_append_memory(buffer, gst_memory_ref(memory.get()));
    look_at(buffer);
    gst_buffer_unref(buffer);
  }
};

/// Adds two metas and reads both.
void add_two_metas(GstBuffer* buffer) {
  add_video_meta(buffer);
  gst_buffer_add_video_crop_meta(buffer)->width = picture_width;
  look_at(gst_buffer_get_video_meta(buffer)->width);
  look_at(gst_buffer_get_video_crop_meta(buffer)->width);
}

struct MakeWithTwoMetas {
  Owned<GstMemory> memory = picture_memory();

  void operator()() {
    GstBuffer* const buffer = gst_buffer_new();
    gst_buffer_append_memory(buffer, gst_memory_ref(memory.get()));
    add_two_metas(buffer);
    gst_buffer_unref(buffer);
  }
};

/// As MakeWithTwoMetas, the memory made anew around bytes that are there.
struct WrapWithTwoMetas {
  std::vector<char> bytes = std::vector<char>(picture_bytes, 1);

  void operator()() {
    GstBuffer* const buffer = gst_buffer_new_wrapped_full(
        GST_MEMORY_FLAG_READONLY, bytes.data(), picture_bytes, 0, picture_bytes, nullptr, nullptr);
    add_two_metas(buffer);
    gst_buffer_unref(buffer);
  }
};

struct AddRemoveMeta {
  Owned<GstBuffer> buffer = picture_buffer();

  void operator()() {
    GstVideoMeta* const meta = add_video_meta(buffer.get());
    look_at(meta);
    gst_buffer_remove_meta(buffer.get(), reinterpret_cast<GstMeta*>(meta));
  }
};

struct FindMeta {
  Owned<GstBuffer> buffer = picture_with_meta();

  void operator()() { look_at(gst_buffer_get_video_meta(buffer.get())); }
};

struct MapFrame {
  Owned<GstBuffer> buffer = picture_with_meta();
  GstVideoInfo info = picture_info();

  void operator()() {
    GstVideoFrame frame;
    gst_video_frame_map(&frame, &info, buffer.get(), GST_MAP_READ);
    look_at(GST_VIDEO_FRAME_PLANE_DATA(&frame, 1));
    gst_video_frame_unmap(&frame);
  }
};

struct MapBuffer {
  Owned<GstBuffer> buffer = picture_buffer();

  void operator()() {
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
    look_at(map.data);
    gst_buffer_unmap(buffer.get(), &map);
  }
};

struct MapMemory {
  Owned<GstMemory> memory = picture_memory();

  void operator()() {
    GstMapInfo map;
    gst_memory_map(memory.get(), &map, GST_MAP_READ);
    look_at(map.data);
    gst_memory_unmap(memory.get(), &map);
  }
};

struct ShareMemory {
  Owned<GstMemory> memory = picture_memory();

  void operator()() { gst_memory_unref(gst_memory_share(memory.get(), 64, 4096)); }
};

struct CopyShallow {
  Owned<GstBuffer> buffer = picture_with_meta();

  void operator()() { gst_buffer_unref(gst_buffer_copy(buffer.get())); }
};

struct CopyRegion {
  Owned<GstBuffer> buffer = picture_with_meta();

  void operator()() {
    gst_buffer_unref(gst_buffer_copy_region(buffer.get(), GST_BUFFER_COPY_ALL, 64, 4096));
  }
};

class CopyDeep {
 public:
  /// glibc then has a hole of a picture's size in its heap, with something behind it, so that a
  /// copy finds pages that were touched and none are given back: the peer at its best.
  CopyDeep() {
    for (int i = 0; i < 2; ++i) {
      const Owned<GstMemory> hole = picture_memory();
      behind_.reset(gst_allocator_alloc(nullptr, 4096, nullptr));
    }
    (*this)();
  }

  void operator()() { gst_buffer_unref(gst_buffer_copy_deep(buffer_.get())); }

 private:
  Owned<GstBuffer> buffer_ = picture_with_meta();
  Owned<GstMemory> behind_;
};

}  // namespace
}  // namespace gst

void add_gstreamer_buffers(Contenders& all) {
  all.push_back(contender<Loop<gst::RefUnref>>("ref", "gst"));
  all.push_back(contender<Loop<gst::MakeWithMemory>>("buffer-memory", "gst"));
  all.push_back(contender<Loop<gst::MakeWithTwoMetas>>("buffer-memory-2-metas", "gst"));
  all.push_back(contender<Loop<gst::WrapWithTwoMetas>>("buffer-wrapped-2-metas", "gst"));
  all.push_back(contender<Loop<gst::AddRemoveMeta>>("meta-add-remove", "gst"));
  all.push_back(contender<Loop<gst::FindMeta>>("meta-find", "gst"));
  all.push_back(contender<Loop<gst::MapFrame>>("map-frame", "gst"));
  all.push_back(contender<Loop<gst::MapBuffer>>("map-buffer", "gst"));
  all.push_back(contender<Loop<gst::MapMemory>>("map-memory", "gst"));
  all.push_back(contender<Loop<gst::ShareMemory>>("share-memory", "gst"));
  all.push_back(contender<Loop<gst::CopyShallow>>("copy-shallow", "gst"));
  all.push_back(contender<Loop<gst::CopyRegion>>("copy-region", "gst"));
  all.push_back(long_contender<Loop<gst::CopyDeep>>("copy-deep", "gst"));
}

}  // namespace millrace::bench
