// SPDX-License-Identifier: MIT
#include "engine/memory/video_meta.h"

#include <cstdlib>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "engine/memory/checked_video_meta.h"
#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

TEST(VideoMeta, says_where_its_planes_are) {
  const VideoMeta video = nv12(320, 240);

  const VideoPlane chroma = video.plane(1);

  EXPECT_EQ(chroma.memory, 0U);
  EXPECT_EQ(chroma.offset, 76'800U);
  EXPECT_EQ(chroma.stride, 320U);
  EXPECT_EQ(chroma.extent, 38'400U);
  EXPECT_EQ(video.plane_size(0), 76'800U);
  EXPECT_EQ(video.layout.plane[1].rows, 120U);
}

TEST(VideoMeta, does_not_count_what_lies_behind_the_last_visible_row) {
  VideoMeta video = nv12(8, 8);
  video.layout.plane[1].stride = 16;
  EXPECT_EQ(video.plane(1).extent, 3U * 16 + 8);
}

TEST(VideoMeta, is_refused_where_a_plane_leaves_its_memory) {
  // W15: the reference looks up a plane's first byte alone, and maps what little follows it.
  const Ref<Buffer> small = buffer_of(50'000);
  EXPECT_TRUE(refused(small->add(nv12(320, 240)), ErrorKind::usage));
  const Ref<Buffer> one_less = buffer_of(115'199);
  EXPECT_TRUE(refused(one_less->add(nv12(320, 240)), ErrorKind::usage));
  const Ref<Buffer> exact = buffer_of(115'200);
  EXPECT_TRUE(exact->add(nv12(320, 240)).has_value());
}

TEST(VideoMeta, may_have_its_planes_in_several_memories) {
  VideoMeta video = nv12(8, 8);
  video.memory = {0, 1};
  video.layout.plane[1].offset = 0;
  const Ref<Buffer> two = buffer_of({64, 32});
  EXPECT_TRUE(two->add(video).has_value());
  EXPECT_EQ(two->video()->plane(1).memory, 1U);

  const Ref<Buffer> short_second = buffer_of({64, 31});
  EXPECT_TRUE(refused(short_second->add(video), ErrorKind::usage));
  const Ref<Buffer> one = buffer_of(96);
  EXPECT_TRUE(refused(one->add(video), ErrorKind::usage));
}

TEST(VideoMeta, is_refused_on_a_buffer_without_bytes) {
  EXPECT_TRUE(refused(Buffer::create()->add(nv12(8, 8)), ErrorKind::usage));
}

TEST(VideoMeta, is_refused_where_rows_overlap) {
  VideoMeta video = nv12(8, 8);
  video.layout.plane[0].stride = 7;
  EXPECT_TRUE(refused(buffer_of(96)->add(video), ErrorKind::usage));
}

TEST(VideoMeta, is_refused_where_offsets_wrap) {
  VideoMeta video = nv12(8, 8);
  video.layout.plane[1].offset = std::numeric_limits<uint64_t>::max() - 4;
  EXPECT_TRUE(refused(buffer_of(96)->add(video), ErrorKind::usage));
}

TEST(VideoMeta, is_refused_where_sides_and_strides_are_as_large_as_can_be) {
  constexpr uint32_t most = std::numeric_limits<uint32_t>::max();
  VideoMeta video = nv12(8, 8);
  video.width = video.height = most;
  for (PlaneLayout& plane : video.layout.plane) plane = {0, most, most};
  EXPECT_TRUE(refused(buffer_of(96)->add(video), ErrorKind::usage));
}

TEST(VideoMeta, tells_of_no_extent_that_wraps) {
  constexpr uint32_t most = std::numeric_limits<uint32_t>::max();
  VideoMeta video;
  video.width = video.height = most;
  video.layout.format = PixelFormat::bgrx;
  video.layout.plane[0] = {0, most, most};
  EXPECT_EQ(video.plane(0).extent, std::numeric_limits<uint64_t>::max());
}

TEST(VideoMeta, is_refused_where_any_of_its_numbers_is_not_true) {
  const std::function<void(Layout&)> lies[] = {
      [](Layout& layout) { layout.plane[0].rows = std::numeric_limits<uint32_t>::max(); },
      [](Layout& layout) { layout.plane[1].rows = 1000; },
      [](Layout& layout) { layout.plane[1].rows = 3; },
      [](Layout& layout) { layout.left = 2; },
      [](Layout& layout) { layout.top = 2; },
      [](Layout& layout) { layout.size = 97; },
      [](Layout& layout) { layout.size = 0; },
      [](Layout& layout) { layout.coded_width = 7; },
      [](Layout& layout) { layout.coded_height = 0; },
  };
  size_t number = 0;
  for (const auto& lie : lies) {
    VideoMeta video = nv12(8, 8);
    lie(video.layout);
    EXPECT_TRUE(refused(buffer_of(96)->add(video), ErrorKind::usage)) << number;
    const Result<CheckedVideoMeta> checked = CheckedVideoMeta::create(video);
    EXPECT_FALSE(checked && buffer_of(96)->add(*checked)) << number;
    ++number;
  }
}

TEST(VideoMeta, replaces_another_only_if_it_fits) {
  const Ref<Buffer> buffer = buffer_of(96);
  ASSERT_TRUE(buffer->add(nv12(8, 8)).has_value());

  EXPECT_TRUE(refused(buffer->set(nv12(16, 16)), ErrorKind::usage));
  EXPECT_EQ(buffer->video()->width, 8U);
}

TEST(VideoMeta, case_200_of_several_the_lowest_id_is_found_first) {
  const Ref<Buffer> buffer = buffer_of(96);
  VideoMeta third = nv12(8, 8);
  third.id = 3;
  VideoMeta first = nv12(4, 4);
  first.id = 1;
  ASSERT_TRUE(buffer->add(third).has_value());
  ASSERT_TRUE(buffer->add(first).has_value());

  EXPECT_EQ(*buffer->video(), first);
  EXPECT_EQ(*buffer->metas().find_video(3), third);
  EXPECT_EQ(buffer->metas().find_video(7), nullptr);
  ASSERT_TRUE(buffer->remove<VideoMeta>().has_value());
  EXPECT_EQ(*buffer->video(), third);
}

TEST(VideoMeta, keeps_its_id_where_another_takes_its_place) {
  const Ref<Buffer> buffer = buffer_of(96);
  VideoMeta second = nv12(8, 8);
  second.id = 2;
  ASSERT_TRUE(buffer->add(second, {.locked = true}).has_value());
  const uint64_t id = buffer->metas().next(0)->id();

  ASSERT_TRUE(buffer->add(nv12(4, 4)).has_value());

  EXPECT_EQ(buffer->metas().next(0)->id(), id);
  EXPECT_EQ(buffer->metas().next(0)->as<VideoMeta>()->id, 2U);
  EXPECT_TRUE(buffer->metas().next(0)->flags().locked);
  EXPECT_TRUE(buffer->remove<VideoMeta>().has_value());
  EXPECT_TRUE(refused(buffer->remove<VideoMeta>(), ErrorKind::denied));
}

TEST(CheckedVideoMeta, is_attached_where_it_fits) {
  const CheckedVideoMeta checked = CheckedVideoMeta::create(nv12(8, 8)).take();
  EXPECT_EQ(checked.bytes(), 96U);

  const Ref<Buffer> buffer = buffer_of(96);
  EXPECT_TRUE(buffer->add(checked).has_value());
  EXPECT_EQ(*buffer->video(), nv12(8, 8));
  EXPECT_TRUE(refused(buffer_of(95)->add(checked), ErrorKind::usage));
  EXPECT_TRUE(refused(Buffer::create()->add(checked), ErrorKind::usage));
}

TEST(CheckedVideoMeta, is_only_pointed_to) {
  const CheckedVideoMeta checked = CheckedVideoMeta::create(nv12(8, 8)).take();
  ASSERT_TRUE(checked.is_kept());
  const Ref<Buffer> buffer = buffer_of(96);

  EXPECT_EQ(buffer->add(checked).value(), &checked.meta());
  EXPECT_EQ(buffer->video(), &checked.meta());
  EXPECT_EQ(copy_buffer(*buffer).take()->video(), &checked.meta());
}

TEST(CheckedVideoMeta, stays_as_it_is_where_a_buffers_is_changed) {
  const CheckedVideoMeta checked = CheckedVideoMeta::create(nv12(8, 8)).take();
  const Ref<Buffer> set = buffer_of(96);
  ASSERT_TRUE(set->add(checked).has_value());

  ASSERT_TRUE(set->set(nv12(4, 4)).has_value());

  EXPECT_EQ(*set->video(), nv12(4, 4));
  EXPECT_EQ(checked.meta(), nv12(8, 8));
}

TEST(CheckedVideoMeta, makes_room_for_one_with_a_lower_id) {
  VideoMeta second = nv12(8, 8);
  second.id = 2;
  const Ref<Buffer> buffer = buffer_of(96);
  ASSERT_TRUE(buffer->add(CheckedVideoMeta::create(second).take()).has_value());

  ASSERT_TRUE(buffer->add(nv12(4, 4)).has_value());
  EXPECT_EQ(*buffer->video(), nv12(4, 4));
  ASSERT_TRUE(buffer->remove<VideoMeta>().has_value());
  EXPECT_EQ(*buffer->video(), second);
}

TEST(CheckedVideoMeta, is_of_one_memory) {
  VideoMeta video = nv12(8, 8);
  video.memory = {0, 0, 1};
  EXPECT_TRUE(CheckedVideoMeta::create(video).has_value()) << "it has two planes";
  video.memory = {0, 1};
  EXPECT_TRUE(refused(CheckedVideoMeta::create(video), ErrorKind::internal));
}

/// How many different ones of 5000 a process keeps; 0 where one that is not cannot be attached.
int count_kept() {
  const Ref<Buffer> buffer = buffer_of(size_t{3} * 5000);
  int kept = 0;
  for (uint32_t half = 1; half <= 5000; ++half) {
    const CheckedVideoMeta checked = CheckedVideoMeta::create(nv12(2 * half, 2)).take();
    kept += checked.is_kept() ? 1 : 0;
    if (half <= 2500 && !buffer->add(checked)) return 0;
    if (half <= 2500 && !buffer->remove<VideoMeta>()) return 0;
  }
  const CheckedVideoMeta last = CheckedVideoMeta::create(nv12(4, 4)).take();
  return buffer->add(last) && *buffer->video() == nv12(4, 4) ? kept : 0;
}

// In a process of its own, which may keep them.
TEST(CheckedVideoMetaDeathTest, is_kept_up_to_a_few_thousand) {
  EXPECT_EXIT(
      {
        const int kept = count_kept();
        std::exit(kept > 1000 && kept <= 4096 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace millrace
