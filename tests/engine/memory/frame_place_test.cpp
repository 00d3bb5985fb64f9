// SPDX-License-Identifier: MIT
#include "engine/memory/frame_place.h"

#include <gtest/gtest.h>

#include "engine/memory/buffer_copy.h"
#include "engine/memory/frame_view.h"
#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

VideoMeta small_nv12() {
  return {.width = 4, .height = 4, .layout = tight_layout(PixelFormat::nv12, 4, 4).take()};
}

TEST(FramePlace, is_where_the_cpu_sees_the_planes) {
  const Ref<Memory> memory = memory_with(ramp(200), {.prefix = 32});
  const Ref<Buffer> whole = Buffer::create(memory).take();
  for (const size_t at : {0U, 7U, 64U}) {
    const Ref<Buffer> part = view_of(*whole, at, 24).take();
    ASSERT_TRUE(part->add(small_nv12()).has_value());

    EXPECT_EQ(place_of_frame(*part).value().base, memory->offset() + at);

    const ReadView block = ReadView::open(*memory, 0, memory->maxsize()).take();
    const FrameReadView frame = FrameReadView::create(*part).take();
    for (const size_t plane : {0U, 1U}) {
      const FramePlace place = place_of_plane(*part, plane);
      EXPECT_EQ(&place.memory, memory.get());
      EXPECT_EQ(block.bytes().data() + place.base, frame.data(plane));
    }
  }
}

TEST(FramePlace, may_be_any_memory_but_only_one) {
  const Ref<Buffer> buffer = buffer_of({10, 24, 8});
  VideoMeta meta = small_nv12();
  meta.memory = {1, 1};
  ASSERT_TRUE(buffer->add(meta).has_value());
  EXPECT_EQ(&place_of_frame(*buffer).value().memory, &buffer->memory(1));

  meta.memory = {1, 2};
  meta.layout.plane[1].offset = 0;
  ASSERT_TRUE(buffer->set(meta).has_value());
  EXPECT_TRUE(refused(place_of_frame(*buffer), ErrorKind::unavailable));
  EXPECT_EQ(&place_of_plane(*buffer, 1).memory, &buffer->memory(2));
}

TEST(FramePlace, is_unknown_without_a_video_meta) {
  EXPECT_TRUE(refused(place_of_frame(*buffer_of(24)), ErrorKind::unavailable));
}

}  // namespace
}  // namespace millrace
