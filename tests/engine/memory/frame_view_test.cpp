// SPDX-License-Identifier: MIT
#include "engine/memory/frame_view.h"

#include <gtest/gtest.h>

#include "engine/memory/system_allocator.h"

namespace millrace {
namespace {

Layout padded_nv12() {
  Layout layout = tight_layout(PixelFormat::nv12, 6, 4).take();
  layout.plane[0] = {16, 32, 6};
  layout.plane[1] = {16 + 32 * 6, 64, 3};
  layout.size = 16 + 32 * 6 + 64 * 3;
  return layout;
}

Ref<Buffer> frame(const Layout& layout, size_t bytes) {
  SystemAllocator allocator;
  Ref<Buffer> buffer = Buffer::create(allocator.allocate(bytes, {}).take());
  buffer->video = VideoMeta{6, 4, layout};
  return buffer;
}

TEST(FrameView, shows_each_plane_at_its_offset_with_its_visible_rows) {
  const Layout layout = padded_nv12();
  const Ref<Buffer> buffer = frame(layout, layout.size);
  const FrameWriteView view = FrameWriteView::create(*buffer).take();
  EXPECT_EQ(view.plane(0).rows, 4U);
  EXPECT_EQ(view.plane(0).row_bytes, 6U);
  EXPECT_EQ(view.plane(1).rows, 2U);
  EXPECT_EQ(view.plane(1).data - view.plane(0).data, 32 * 6);
  EXPECT_EQ(view.plane(1).row(1).data() - view.plane(1).data, 64);
}

TEST(FrameView, a_reader_sees_what_a_writer_wrote) {
  const Layout layout = padded_nv12();
  const Ref<Buffer> buffer = frame(layout, layout.size);
  FrameWriteView::create(*buffer).take().plane(1).row(1)[5] = std::byte{77};
  const FrameReadView view = FrameReadView::create(*buffer).take();
  EXPECT_EQ(view.plane(1).row(1)[5], std::byte{77});
}

TEST(FrameView, a_shared_buffer_may_be_read_and_not_written) {
  const Layout layout = padded_nv12();
  const Ref<Buffer> buffer = frame(layout, layout.size);
  const Ref<Buffer> other = buffer;
  EXPECT_TRUE(FrameReadView::create(*buffer).has_value());
  EXPECT_FALSE(FrameWriteView::create(*buffer).has_value());
}

TEST(FrameView, keeps_the_bytes_of_a_frame_whose_buffer_is_gone) {
  const Layout layout = padded_nv12();
  Ref<Buffer> buffer = frame(layout, layout.size);
  FrameWriteView::create(*buffer).take().plane(0).row(0)[0] = std::byte{9};
  const FrameReadView view = FrameReadView::create(*buffer).take();
  buffer = nullptr;
  EXPECT_EQ(view.plane(0).row(0)[0], std::byte{9});
}

TEST(FrameView, refuses_a_buffer_without_a_video_meta) {
  const Layout layout = padded_nv12();
  const Ref<Buffer> buffer = frame(layout, layout.size);
  buffer->video.reset();
  EXPECT_FALSE(FrameReadView::create(*buffer).has_value());
  EXPECT_FALSE(FrameWriteView::create(*buffer).has_value());
}

TEST(FrameView, refuses_a_layout_that_reaches_beyond_the_memory) {
  const Layout layout = padded_nv12();
  const Ref<Buffer> buffer = frame(layout, 256);
  EXPECT_FALSE(FrameReadView::create(*buffer).has_value());
  EXPECT_FALSE(FrameWriteView::create(*buffer).has_value());
}

}  // namespace
}  // namespace millrace
