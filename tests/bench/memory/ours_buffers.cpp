// SPDX-License-Identifier: MIT
// Memory, Buffer and metas as a stage uses them.
#include <span>
#include <vector>

#include "engine/memory/buffer_copy.h"
#include "engine/memory/frame_view.h"
#include "engine/memory/wrapped_memory.h"
#include "tests/bench/memory/ours.h"

namespace millrace::bench {
namespace ours {
namespace {

struct RefUnref {
  Ref<Buffer> buffer = picture_buffer();

  void operator()() {
    Ref<Buffer> second = buffer;
    look_at(second.get());
  }
};

struct MakeWithMemory {
  Ref<Memory> memory = picture_memory();

  void operator()() {
    const Result<Ref<Buffer>> buffer = Buffer::create(memory);
    look_at(buffer->get());
  }
};

/// Adds two metas and reads both.
void add_two_metas(Buffer& buffer, const CheckedVideoMeta& video) {
  look_at(buffer.add(video).has_value());
  look_at(buffer.add(CropMeta{.x = 0, .y = 0, .width = picture_width, .height = 8}).has_value());
  look_at(buffer.find<VideoMeta>()->width);
  look_at(buffer.find<CropMeta>()->width);
}

struct MakeWithTwoMetas {
  Ref<Memory> memory = picture_memory();
  CheckedVideoMeta video = checked_picture_meta();

  void operator()() {
    const Result<Ref<Buffer>> buffer = Buffer::create(memory);
    add_two_metas(**buffer, video);
  }
};

/// As MakeWithTwoMetas, the memory made anew around bytes that are there.
struct WrapWithTwoMetas {
  std::vector<char> bytes = std::vector<char>(picture_bytes, 1);
  CheckedVideoMeta video = checked_picture_meta();

  void operator()() {
    const Result<Ref<Memory>> memory = wrap_constant(std::as_bytes(std::span(bytes)));
    const Result<Ref<Buffer>> buffer = Buffer::create(*memory);
    add_two_metas(**buffer, video);
  }
};

struct AddRemoveMeta {
  Ref<Buffer> buffer = picture_buffer();
  CheckedVideoMeta video = checked_picture_meta();

  void operator()() {
    need(buffer->add(video).has_value(), "our video meta");
    look_at_memory();
    need(buffer->remove<VideoMeta>().has_value(), "our video meta away");
  }
};

struct FindMeta {
  Ref<Buffer> buffer = picture_with_meta();

  void operator()() { look_at(buffer->find<VideoMeta>()); }
};

struct MapFrame {
  Ref<Buffer> buffer = picture_with_meta();

  void operator()() {
    const Result<FrameReadView> view = FrameReadView::create(*buffer);
    look_at(view->data(1));
  }
};

struct MapBuffer {
  Ref<Buffer> buffer = picture_buffer();

  void operator()() {
    const Result<ReadView> view = buffer->read();
    look_at(view->bytes().data());
  }
};

struct MapMemory {
  Ref<Memory> memory = picture_memory();

  void operator()() {
    const Result<ReadView> view = memory->read();
    look_at(view->bytes().data());
  }
};

struct ShareMemory {
  Ref<Memory> memory = picture_memory();

  void operator()() { look_at(memory->share(64, 4096)->get()); }
};

struct CopyShallow {
  Ref<Buffer> buffer = picture_with_meta();

  void operator()() { look_at(copy_buffer(*buffer)->get()); }
};

struct CopyRegion {
  Ref<Buffer> buffer = picture_with_meta();

  void operator()() { look_at(view_of(*buffer, 64, 4096)->get()); }
};

class CopyDeep {
 public:
  void operator()() {
    look_at(copy_buffer(*buffer_, {.bytes = CopyParams::Bytes::deep, .into = &into_})->get());
  }

 private:
  Ref<Buffer> buffer_ = picture_with_meta();
  observe::Ledger::Account account_{observe::MoveKind::copy, "bench", "it is what is timed", "cpu"};
  CopyInto into_{allocator(), account_};
};

}  // namespace
}  // namespace ours

void add_our_buffers(Contenders& all) {
  using namespace ours;
  all.push_back(contender<Loop<RefUnref>>("ref", "ours"));
  all.push_back(contender<StageLoop<MakeWithMemory>>("buffer-memory", "ours"));
  all.push_back(contender<StageLoop<MakeWithTwoMetas>>("buffer-memory-2-metas", "ours"));
  all.push_back(contender<StageLoop<WrapWithTwoMetas>>("buffer-wrapped-2-metas", "ours"));
  all.push_back(contender<StageLoop<AddRemoveMeta>>("meta-add-remove", "ours"));
  all.push_back(contender<StageLoop<FindMeta>>("meta-find", "ours"));
  all.push_back(contender<StageLoop<MapFrame>>("map-frame", "ours"));
  all.push_back(contender<StageLoop<MapBuffer>>("map-buffer", "ours"));
  all.push_back(contender<StageLoop<MapMemory>>("map-memory", "ours"));
  all.push_back(contender<StageLoop<ShareMemory>>("share-memory", "ours"));
  all.push_back(contender<StageLoop<CopyShallow>>("copy-shallow", "ours"));
  all.push_back(contender<StageLoop<CopyRegion>>("copy-region", "ours"));
  all.push_back(long_contender<StageLoop<CopyDeep>>("copy-deep", "ours"));
}

}  // namespace millrace::bench
