// SPDX-License-Identifier: MIT
#include "engine/memory/frame_view.h"

#include <gtest/gtest.h>

#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

Layout padded_nv12() {
  Layout layout = tight_layout(PixelFormat::nv12, 6, 4).take();
  layout.plane[0] = {16, 32, 6};
  layout.plane[1] = {16 + 32 * 6, 64, 3};
  layout.size = 16 + 32 * 6 + 64 * 3;
  return layout;
}

VideoMeta padded_meta() {
  return {.width = 6, .height = 4, .layout = padded_nv12()};
}

Ref<Buffer> frame() {
  const Ref<Buffer> buffer = buffer_of(padded_nv12().size);
  EXPECT_TRUE(buffer->add(padded_meta()).has_value());
  return buffer;
}

/// A plane in the first memory, the other one in the last of three.
Ref<Buffer> frame_of_three_memories() {
  const Ref<Buffer> buffer = buffer_of({6 * 4, 10, 6 * 2});
  VideoMeta meta{.width = 6, .height = 4, .layout = tight_layout(PixelFormat::nv12, 6, 4).take()};
  meta.layout.plane[1].offset = 0;
  meta.memory = {0, 2};
  EXPECT_TRUE(buffer->add(meta).has_value());
  return buffer;
}

TEST(FrameView, shows_each_plane_at_its_offset_with_its_visible_rows) {
  const Ref<Buffer> buffer = frame();
  const FrameWriteView view = FrameWriteView::create(*buffer).take();
  EXPECT_EQ(view.plane(0).rows, 4U);
  EXPECT_EQ(view.plane(0).row_bytes, 6U);
  EXPECT_EQ(view.plane(1).rows, 2U);
  EXPECT_EQ(view.plane(1).data - view.plane(0).data, 32 * 6);
  EXPECT_EQ(view.plane(1).row(1).data() - view.plane(1).data, 64);
}

TEST(FrameView, a_reader_sees_what_a_writer_wrote) {
  const Ref<Buffer> buffer = frame();
  FrameWriteView::create(*buffer).take().plane(1).row(1)[5] = std::byte{77};
  const FrameReadView view = FrameReadView::create(*buffer).take();
  EXPECT_EQ(view.plane(1).row(1)[5], std::byte{77});
}

TEST(FrameView, counts_offsets_from_what_the_memory_shows_whatever_the_window) {
  const Ref<Memory> memory = memory_with(ramp(300), {.prefix = 40});
  const Ref<Buffer> buffer = Buffer::create(memory).take();
  VideoMeta meta{.width = 4, .height = 2, .layout = tight_layout(PixelFormat::gray8, 4, 2).take()};
  meta.layout.plane[0] = {7, 100, 2};
  meta.layout.size = 207;
  ASSERT_TRUE(buffer->add(meta).has_value());
  ASSERT_TRUE(buffer->resize(50, 10).has_value());
  const FrameReadView view = FrameReadView::create(*buffer).take();
  EXPECT_EQ(view.plane(0).row(0)[0], std::byte{7});
  EXPECT_EQ(view.plane(0).row(1)[3], std::byte{110});
}

TEST(FrameView, shows_planes_in_several_memories) {
  const Ref<Buffer> buffer = frame_of_three_memories();
  const FrameReadView view = FrameReadView::create(*buffer).take();
  EXPECT_EQ(view.plane(0).row(3)[5], std::byte{23});
  EXPECT_EQ(view.plane(1).row(0)[0], std::byte{34});
  EXPECT_EQ(view.planes()[1].row(1)[5], std::byte{45});
}

TEST(FrameView, opens_planes_in_several_memories_all_or_none) {
  const Ref<Buffer> buffer = frame_of_three_memories();
  const Ref<Memory> last = Ref<Memory>::share(&buffer->memory(2));
  {
    const WriteView other = last->write().take();
    EXPECT_TRUE(refused(FrameReadView::create(*buffer), ErrorKind::busy));
    EXPECT_TRUE(refused(FrameWriteView::create(*buffer), ErrorKind::busy));
    EXPECT_TRUE(buffer->memory(0).write().has_value());
  }
  EXPECT_TRUE(FrameWriteView::create(*buffer).has_value());
}

TEST(FrameView, a_shared_buffer_may_be_read_and_not_written) {
  const Ref<Buffer> buffer = frame();
  const Ref<Buffer> other = buffer;
  EXPECT_TRUE(FrameReadView::create(*buffer).has_value());
  EXPECT_TRUE(refused(FrameWriteView::create(*buffer), ErrorKind::denied));
}

TEST(FrameView, a_copy_that_shares_the_bytes_may_be_read_and_not_written) {
  const Ref<Buffer> buffer = frame();
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_TRUE(FrameReadView::create(*copy).has_value());
  EXPECT_TRUE(refused(FrameWriteView::create(*copy), ErrorKind::denied));
  EXPECT_TRUE(refused(FrameWriteView::create(*buffer), ErrorKind::denied));
}

// The guard holds the memory and not the buffer: what it shows is kept alive by the memory alone,
// and a buffer with one more reference could not be written.
TEST(FrameView, case_203_holds_the_memory_while_it_lives) {
  const Ref<Buffer> buffer = frame();
  EXPECT_EQ(buffer->memory().references(), 1U);
  {
    const FrameReadView view = FrameReadView::create(*buffer).take();
    EXPECT_EQ(buffer->memory().references(), 2U);
    EXPECT_EQ(buffer->references(), 1U);
  }
  EXPECT_EQ(buffer->memory().references(), 1U);
}

TEST(FrameView, keeps_the_bytes_of_a_frame_whose_buffer_is_gone) {
  Ref<Buffer> buffer = frame();
  FrameWriteView::create(*buffer).take().plane(0).row(0)[0] = std::byte{9};
  const FrameReadView view = FrameReadView::create(*buffer).take();
  const ReadPlanes planes = view.planes();
  buffer = nullptr;
  EXPECT_EQ(planes[0].row(0)[0], std::byte{9});
}

TEST(FrameView, refuses_a_buffer_without_a_video_meta) {
  const Ref<Buffer> buffer = frame();
  ASSERT_TRUE(buffer->remove<VideoMeta>().has_value());
  EXPECT_TRUE(refused(FrameReadView::create(*buffer), ErrorKind::internal));
  EXPECT_TRUE(refused(FrameWriteView::create(*buffer), ErrorKind::internal));
}

TEST(FrameView, a_layout_that_reaches_beyond_the_memory_cannot_be_attached) {
  const Ref<Buffer> buffer = buffer_of(256);
  EXPECT_TRUE(refused(buffer->add(padded_meta()), ErrorKind::usage));
  EXPECT_TRUE(refused(FrameReadView::create(*buffer), ErrorKind::internal));
}

TEST(FrameView, refuses_a_frame_whose_memory_was_replaced_by_a_smaller_one) {
  const Ref<Buffer> buffer = frame();
  ASSERT_TRUE(buffer->replace(0, 1, memory_of(256)).has_value());
  EXPECT_TRUE(refused(FrameReadView::create(*buffer), ErrorKind::usage));
  EXPECT_TRUE(refused(FrameWriteView::create(*buffer), ErrorKind::usage));
}

TEST(FrameView, shows_a_frame_whose_memory_was_replaced_by_one_as_large) {
  const Ref<Buffer> buffer = frame();
  ASSERT_TRUE(buffer->replace(0, 1, memory_with(ramp(padded_nv12().size, 100))).has_value());
  EXPECT_EQ(FrameReadView::create(*buffer).take().plane(0).row(0)[0], std::byte{116});
}

TEST(FrameView, refuses_a_frame_whose_planes_went_with_a_memory) {
  const Ref<Buffer> buffer = frame_of_three_memories();
  ASSERT_TRUE(buffer->remove(1, 2).has_value());
  EXPECT_TRUE(refused(FrameReadView::create(*buffer), ErrorKind::internal));
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  EXPECT_TRUE(refused(FrameReadView::create(*copy), ErrorKind::internal));
}

TEST(FrameView, refuses_a_frame_before_whose_planes_a_memory_came) {
  const Ref<Buffer> buffer = frame_of_three_memories();
  ASSERT_TRUE(buffer->append(memory_of(5)).has_value());
  EXPECT_TRUE(FrameReadView::create(*buffer).has_value()) << "what comes behind moves no plane";
  ASSERT_TRUE(buffer->insert(2, memory_of(100)).has_value());
  EXPECT_EQ(buffer->video(), nullptr);
}

TEST(FrameView, opens_only_memories_that_have_a_plane) {
  const Ref<Buffer> buffer = frame_of_three_memories();
  const WriteView between = buffer->memory(1).write().take();
  EXPECT_TRUE(FrameReadView::create(*buffer).has_value());
  const WriteView last = buffer->memory(2).write().take();
  EXPECT_TRUE(refused(FrameReadView::create(*buffer), ErrorKind::busy));
}

TEST(FrameView, opens_a_memory_once_for_all_planes_in_it) {
  const Ref<Buffer> buffer = buffer_of({3, 6 * 4, 2 * 3 * 2});
  VideoMeta meta{.width = 6, .height = 4, .layout = tight_layout(PixelFormat::i420, 6, 4).take()};
  meta.layout.plane[1].offset = 0;
  meta.layout.plane[2].offset = 3 * 2;
  meta.memory = {1, 2, 2};
  ASSERT_TRUE(buffer->add(meta).has_value());

  const FrameWriteView view = FrameWriteView::create(*buffer).take();

  EXPECT_EQ(view.data(2), view.data(1) + 6);
  EXPECT_TRUE(buffer->memory(0).write().has_value());
  EXPECT_TRUE(refused(buffer->memory(1).read(), ErrorKind::busy));
  EXPECT_TRUE(refused(buffer->memory(2).read(), ErrorKind::busy));
}

TEST(FrameView, knows_its_planes_when_the_buffer_is_another_ones) {
  Ref<Buffer> buffer = frame();
  const FrameReadView view = FrameReadView::create(*buffer).take();
  ASSERT_TRUE(buffer->remove<VideoMeta>().has_value());
  ASSERT_TRUE(buffer->add(CropMeta{}).has_value());
  VideoMeta small = padded_meta();
  small.width = small.height = 2;
  ASSERT_TRUE(buffer->add(small).has_value());
  EXPECT_EQ(view.plane(0).rows, 4U);
  buffer = nullptr;
  EXPECT_EQ(view.plane(0).rows, 4U);
}

TEST(FrameView, planes_of_one_run_of_bytes_are_not_those_of_several_memories) {
  const std::string bytes = ramp(padded_nv12().size);
  VideoMeta meta = padded_meta();
  meta.memory = {0, 1};
  EXPECT_TRUE(refused(planes_of(bytes_of(bytes), meta), ErrorKind::usage));
}

/// Whether a VideoMeta may be changed where it is attached, unseen by its check.
template <class Metas>
concept EditsPictures = requires(Metas& metas) {
  metas.template edit<VideoMeta>();
};

static_assert(!EditsPictures<MetaStore>);
static_assert(std::is_same_v<Attached<VideoMeta>, const VideoMeta>);
static_assert(!std::is_constructible_v<ReadView, MemorySlice>);

TEST(FrameView, planes_of_bytes_that_do_not_hold_them_are_refused) {
  const std::string bytes = ramp(padded_nv12().size);
  EXPECT_TRUE(planes_of(bytes_of(bytes), padded_meta()).has_value());
  EXPECT_FALSE(planes_of(bytes_of(bytes).first(277), padded_meta()).has_value());
}

}  // namespace
}  // namespace millrace
