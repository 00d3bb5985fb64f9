// SPDX-License-Identifier: MIT
// What our side of the memory bench is made of.
#pragma once

#include <cstring>
#include <utility>

#include "engine/format/layout.h"
#include "engine/memory/buffer.h"
#include "engine/memory/checked_video_meta.h"
#include "engine/memory/system_allocator.h"
#include "engine/observe/stage_scope.h"
#include "tests/bench/memory/picture.h"
#include "tests/bench/memory/work.h"

namespace millrace::bench::ours {

/// As Loop, inside a stage that declared what it does with frames: every CPU window is counted.
template <class Step>
class StageLoop final : public Work {
 public:
  [[gnu::noinline]] void run(uint64_t times) override {
    const observe::StageScope scope({.declared = {.read = true, .write = true}});
    for (; times > 0; --times) step_();
  }

 private:
  Step step_;
};

template <class T>
T must_have(Result<T> result, const char* what) {
  need(result.has_value(), what);
  return result.take();
}

inline VideoMeta picture_meta() {
  return {.width = picture_width,
          .height = picture_height,
          .layout = must_have(tight_layout(PixelFormat::nv12, picture_width, picture_height),
                              "our layout of the picture")};
}

/// As a stage has it: looked through once, attached to frame after frame.
inline CheckedVideoMeta checked_picture_meta() {
  return must_have(CheckedVideoMeta::create(picture_meta()), "our checked meta of the picture");
}

/// Memory is made once and lives as long as the program, as its allocator does.
inline SystemAllocator& allocator() {
  static SystemAllocator shared;
  return shared;
}

/// A picture's memory, every page of it touched.
inline Ref<Memory> picture_memory() {
  Ref<Memory> memory =
      must_have(allocator().allocate(picture_bytes, {}), "our memory for a picture");
  const WriteView view = must_have(memory->write(), "a view of our memory");
  std::memset(view.bytes().data(), 1, view.size());
  return memory;
}

inline Ref<Buffer> picture_buffer() {
  return must_have(Buffer::create(picture_memory()), "our buffer");
}

inline Ref<Buffer> picture_with_meta() {
  Ref<Buffer> buffer = picture_buffer();
  need(buffer->add(checked_picture_meta()).has_value(), "our video meta");
  return buffer;
}

}  // namespace millrace::bench::ours
