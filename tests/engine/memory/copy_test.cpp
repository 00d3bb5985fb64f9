// SPDX-License-Identifier: MIT
#include "engine/memory/copy.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/region_of_interest_meta.h"
#include "engine/observe/recorder.h"
#include "engine/observe/stage_scope.h"
#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

constexpr uint32_t width = 34;
constexpr uint32_t height = 6;

/// A frame whose rows are `padding` bytes longer than they need.
Ref<Buffer> frame(PixelFormat format, uint32_t padding) {
  Layout layout = tight_layout(format, width, height).take();
  layout.size = 0;
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    PlaneLayout& plane = layout.plane[index];
    plane.stride += padding;
    plane.offset = layout.size;
    layout.size += plane.bytes();
  }
  Ref<Buffer> buffer = buffer_with(std::string(layout.size, '\0'));
  EXPECT_TRUE(
      buffer->add(VideoMeta{.width = width, .height = height, .layout = layout}).has_value());
  return buffer;
}

/// Numbers every visible byte.
void paint(Buffer& buffer) {
  const FrameWriteView view = FrameWriteView::create(buffer).take();
  uint8_t next = 1;
  for (const PlaneSpan<std::byte>& plane : view.planes()) {
    for (size_t row = 0; row < plane.rows; ++row) {
      for (std::byte& byte : plane.row(row)) byte = static_cast<std::byte>(next++);
    }
  }
}

bool same_picture(const Buffer& a, const Buffer& b) {
  const FrameReadView left = FrameReadView::create(a).take();
  const FrameReadView right = FrameReadView::create(b).take();
  for (size_t index = 0; index < max_planes; ++index) {
    for (size_t row = 0; row < left.plane(index).rows; ++row) {
      if (!std::ranges::equal(left.plane(index).row(row), right.plane(index).row(row)))
        return false;
    }
  }
  return true;
}

using Copy = WithAccount;

class CopyFrameOf : public WithAccount, public testing::WithParamInterface<PixelFormat> {};

TEST_P(CopyFrameOf, moves_the_picture_between_different_strides) {
  const Ref<Buffer> from = frame(GetParam(), 0);
  const Ref<Buffer> to = frame(GetParam(), 30);
  paint(*from);
  ASSERT_TRUE(copy_frame(*from, *to, account_).has_value());
  EXPECT_TRUE(same_picture(*from, *to));
}

TEST_P(CopyFrameOf, books_the_visible_bytes_once) {
  const Ref<Buffer> from = frame(GetParam(), 14);
  const Ref<Buffer> to = frame(GetParam(), 0);
  ASSERT_TRUE(copy_frame(*from, *to, account_).has_value());
  EXPECT_EQ(account_.bytes(), payload_bytes(GetParam(), width, height));
  EXPECT_EQ(account_.moves(), 1U);
}

TEST_P(CopyFrameOf, leaves_the_padding_alone) {
  const Ref<Buffer> from = frame(GetParam(), 0);
  const Ref<Buffer> to = frame(GetParam(), 8);
  paint(*from);
  ASSERT_TRUE(copy_frame(*from, *to, account_).has_value());
  const ReadView view = to->memory().read().take();
  const PlaneLayout& plane = to->video()->layout.plane[0];
  const auto row = view.bytes().subspan(plane.stride - 8, 8);
  EXPECT_TRUE(std::ranges::all_of(row, [](std::byte b) { return b == std::byte{0}; }));
}

INSTANTIATE_TEST_SUITE_P(Formats, CopyFrameOf,
                         testing::Values(PixelFormat::nv12, PixelFormat::i420, PixelFormat::yuyv,
                                         PixelFormat::bgrx, PixelFormat::rgba, PixelFormat::p010),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST(CopyFrame, carries_times_flags_and_crop) {
  observe::Ledger ledger;
  const Ref<Buffer> from = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> to = frame(PixelFormat::nv12, 0);
  from->timing.pts = Duration(40);
  from->timing.sequence = 7;
  from->flags.corrupted = true;
  ASSERT_TRUE(from->add(CropMeta{2, 2, 8, 4}).has_value());
  auto& account = ledger.open(observe::MoveKind::copy, "a -> b", "test", "cpu");
  ASSERT_TRUE(copy_frame(*from, *to, account).has_value());
  EXPECT_EQ(to->timing.pts, Duration(40));
  EXPECT_EQ(to->timing.sequence, 7U);
  EXPECT_TRUE(to->flags.corrupted);
  ASSERT_NE(to->crop(), nullptr);
  EXPECT_EQ(*to->crop(), *from->crop());
}

/// A user's own, about how the bytes lie.
struct RowsMeta {
  static constexpr MetaFacts facts{
      .name = "RowsMeta", .api = "Rows", .tags = {MetaTag::memory}, .version = 0};

  static std::optional<RowsMeta> transform(const RowsMeta& meta, const MetaTransform& /*how*/) {
    return meta;
  }
};

TEST_F(Copy, of_a_frame_has_its_metas_but_those_about_its_bytes) {
  const Ref<Buffer> from = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> to = frame(PixelFormat::nv12, 14);
  const VideoMeta video = *to->video();
  const RegionOfInterestMeta face{.rect = {2, 2, 8, 4}, .type = "face", .params = {{"sure", 0.5}}};
  ASSERT_TRUE(from->add(face).has_value());
  ASSERT_TRUE(from->add(ReferenceTimestampMeta{"gps", Duration(1), {}, {}}).has_value());
  from->add(TraceMeta{}).value()->touch(4, 100);
  ASSERT_TRUE(from->add(ParentBufferMeta{Buffer::create()}).has_value());
  ASSERT_TRUE(from->add(RowsMeta{}).has_value());

  ASSERT_TRUE(copy_frame(*from, *to, account_).has_value());

  EXPECT_EQ(to->metas().count(), 4U);
  EXPECT_EQ(*to->video(), video);
  ASSERT_TRUE(to->find<RegionOfInterestMeta>());
  EXPECT_EQ(*to->find<RegionOfInterestMeta>(), face);
  EXPECT_TRUE(to->find<ReferenceTimestampMeta>());
  ASSERT_TRUE(to->find<TraceMeta>());
  EXPECT_EQ(*to->find<TraceMeta>(), *from->find<TraceMeta>());
}

TEST_F(Copy, of_a_frame_takes_the_place_of_what_was_said_of_the_one_before) {
  const Ref<Buffer> from = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> to = frame(PixelFormat::nv12, 0);
  ASSERT_TRUE(to->add(CropMeta{0, 0, 2, 2}).has_value());
  ASSERT_TRUE(to->add(TraceMeta{}, {.locked = true}).has_value());
  ASSERT_TRUE(copy_frame(*from, *to, account_).has_value());
  EXPECT_FALSE(to->crop());
  EXPECT_TRUE(to->find<TraceMeta>()) << "it was locked";
}

TEST(CopyFrame, leaves_a_record_under_the_stage_that_works) {
  observe::Ledger ledger;
  observe::Recorder recorder;
  const Ref<Buffer> from = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> to = frame(PixelFormat::nv12, 0);
  auto& account = ledger.open(observe::MoveKind::copy, "a -> b", "test", "cpu");
  {
    const observe::StageScope scope({.recorder = &recorder, .stage = 3});
    ASSERT_TRUE(copy_frame(*from, *to, account).has_value());
  }
  std::vector<observe::Record> records;
  recorder.drain(records);
  const auto copies =
      std::ranges::count(records, observe::RecordType::copy, &observe::Record::type);
  EXPECT_EQ(copies, 1);
  EXPECT_EQ(records.back().value[0], payload_bytes(PixelFormat::nv12, width, height));
}

TEST_F(Copy, copying_a_frame_into_a_shared_buffer_is_refused_and_books_nothing) {
  const Ref<Buffer> from = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> to = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> reader = to;
  EXPECT_TRUE(refused(copy_frame(*from, *to, account_), ErrorKind::denied));
  EXPECT_EQ(account_.bytes(), 0U);
}

TEST_F(Copy, copying_a_frame_into_one_of_another_format_or_size_is_refused) {
  const Ref<Buffer> from = frame(PixelFormat::nv12, 0);
  const Ref<Buffer> smaller = buffer_of(1000);
  ASSERT_TRUE(
      smaller->add(VideoMeta{.width = 32, .height = height, .layout = from->video()->layout})
          .has_value());
  EXPECT_TRUE(
      refused(copy_frame(*from, *frame(PixelFormat::i420, 0), account_), ErrorKind::internal));
  EXPECT_TRUE(refused(copy_frame(*from, *smaller, account_), ErrorKind::internal));
  EXPECT_EQ(account_.bytes(), 0U);
}

TEST_F(Copy, copied_memory_is_writable_aligned_alike_and_booked) {
  const Ref<Memory> from = memory_with("abcdefgh", {.align = 4096});
  const Ref<Memory> part = from->share(2, 4).take();
  const Ref<Memory> copy = copy_block(*part, part->offset(), 4, allocator_, account_).take();
  EXPECT_EQ(text_of(copy->read().take()), "cdef");
  EXPECT_TRUE(copy->is_writable());
  const Ref<Memory> whole = copy_block(*from, from->offset(), 8, allocator_, account_).take();
  const ReadView view = whole->read().take();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(view.bytes().data()) % 4096, 0U);
  EXPECT_EQ(account_.bytes(), 12U);
}

TEST_F(Copy, copying_memory_outside_of_its_block_is_refused) {
  const Ref<Memory> from = memory_with(ramp(16), {.prefix = 8, .padding = 8});
  const size_t all = from->maxsize();
  EXPECT_TRUE(refused(copy_block(*from, 1, all, allocator_, account_), ErrorKind::internal));
  EXPECT_TRUE(refused(copy_block(*from, all + 1, 0, allocator_, account_), ErrorKind::internal));
  EXPECT_TRUE(refused(copy_block(*from, SIZE_MAX, 1, allocator_, account_), ErrorKind::internal));
  EXPECT_TRUE(refused(copy_block(*from, 1, SIZE_MAX, allocator_, account_), ErrorKind::internal));
  EXPECT_TRUE(copy_block(*from, all, 0, allocator_, account_).has_value());
  EXPECT_EQ(
      text_of(copy_block(*from, from->offset() + 1, 17, allocator_, account_).take()->read().take())
          .substr(0, 15),
      ramp(15, 1));
}

}  // namespace
}  // namespace millrace
