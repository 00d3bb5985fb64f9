// SPDX-License-Identifier: MIT
// Layouts, trials and imports on the real software driver.
#include <algorithm>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/buffer_copy.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"
#include "hw/vaapi/encode_setup.h"
#include "hw/vaapi/import_trial.h"
#include "hw/vaapi/surface_import.h"
#include "tests/hw/vaapi/frames.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {
namespace {

size_t open_descriptors() {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                           std::filesystem::directory_iterator()));
}

TEST(LayoutProbe, learns_the_alignments_that_the_driver_has) {
  for (const auto& [knobs, stride] :
       {std::pair{"", 256U}, std::pair{"stride=64", 64U}, std::pair{"stride=96", 96U}}) {
    const LayoutFacts facts = probe_layout(testing::software_driver(knobs));
    EXPECT_EQ(facts.stride_align.value, stride);
    EXPECT_EQ(facts.rows_align.value, 32U);
    EXPECT_EQ(facts.stride_align.why.origin, Origin::queried);
  }
}

TEST(LayoutProbe, closes_what_the_driver_exports) {
  const std::shared_ptr<Display> display = testing::software_driver("derive=no");
  const size_t before = open_descriptors();
  const LayoutFacts facts = probe_layout(display);
  EXPECT_NE(facts.stride_align.why.raw.find("vaExportSurfaceHandle"), std::string::npos);
  EXPECT_EQ(open_descriptors(), before);
}

TEST(LayoutProbe, leaves_no_words_of_the_driver_to_a_later_error) {
  const std::shared_ptr<Display> display = testing::software_driver("derive=no,export=no");
  EXPECT_EQ(probe_layout(display).stride_align.why.origin, Origin::documented);
  EXPECT_EQ(display->take_driver_words(), "");
}

TEST(ImportTrial, says_yes_or_the_drivers_own_no) {
  const LayoutFacts facts = probe_layout(testing::software_driver());
  MemfdAllocator memfd;
  const ImportTrial yes =
      try_import(testing::software_driver(), memfd, {.width = 322, .height = 182}, facts);
  EXPECT_TRUE(yes.passed);
  EXPECT_EQ(yes.why.origin, Origin::learned);
  EXPECT_EQ(yes.why.raw,
            "trial import of 322x182 NV12 from memfd: accepted, and read back by vaGetImage as "
            "written");
  const ImportTrial no = try_import(testing::software_driver("import=none"), memfd,
                                    {.width = 322, .height = 182}, facts);
  EXPECT_FALSE(no.passed);
  EXPECT_NE(no.why.raw.find("the driver says"), std::string::npos) << no.why.raw;
}

TEST(ImportTrial, finds_out_a_driver_that_looks_elsewhere) {
  const LayoutFacts facts = probe_layout(testing::software_driver());
  for (const SurfaceSize size : {SurfaceSize{322, 192}, {16, 16}, {1920, 1080}}) {
    MemfdAllocator memfd;
    const ImportTrial no = try_import(testing::software_driver("import=lying"), memfd, size, facts);
    EXPECT_FALSE(no.passed) << size.width;
    EXPECT_NE(no.answer.find("plane 1 is not there when read back"), std::string::npos)
        << no.answer;
  }
}

TEST(ImportTrial, keeps_the_drivers_own_words_where_it_shows_nothing) {
  const LayoutFacts facts = probe_layout(testing::software_driver());
  MemfdAllocator memfd;
  const ImportTrial unsure = try_import(testing::software_driver("images=no"), memfd,
                                        {.width = 322, .height = 182}, facts);
  EXPECT_TRUE(unsure.passed);
  EXPECT_NE(unsure.not_read_back.find("vaCreateImage: resource allocation failed"),
            std::string::npos)
      << unsure.not_read_back;
}

TEST(ImportTrial, fails_with_the_numbers_where_the_stride_does_not_suit) {
  MemfdAllocator memfd;
  const LayoutFacts unfit{.stride_align = {16, documented("test")},
                          .rows_align = {32, documented("test")}};
  const ImportTrial no =
      try_import(testing::software_driver(), memfd, {.width = 322, .height = 182}, unfit);
  EXPECT_FALSE(no.passed);
  EXPECT_NE(no.why.raw.find("336"), std::string::npos) << no.why.raw;
}

class SurfaceCacheTest : public ::testing::Test {
 protected:
  Ref<Buffer> frame(uint32_t stride = 0) {
    return testing::make_frame(memfd_, {.width = 64, .height = 48, .stride = stride}, 0);
  }

  VASurfaceID import(const Buffer& buffer) {
    const Result<VASurfaceID> surface =
        cache_.surface_of(place_of_frame(buffer).value(), *buffer.video());
    EXPECT_TRUE(surface) << surface.error().what;
    return surface ? *surface : VA_INVALID_SURFACE;
  }

  MemfdAllocator memfd_;
  SurfaceCache cache_{testing::software_driver()};
};

TEST_F(SurfaceCacheTest, imports_a_buffer_at_first_sight_only) {
  const Ref<Buffer> one = frame();
  const Ref<Buffer> other = frame();
  const VASurfaceID surface = import(*one);
  EXPECT_NE(import(*other), surface);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(import(*one), surface);
  EXPECT_EQ(cache_.imports(), 2U);
}

TEST_F(SurfaceCacheTest, takes_another_layout_of_the_same_memory_for_another_surface) {
  const Ref<Buffer> buffer = frame(512);
  const VASurfaceID wide = import(*buffer);
  VideoMeta narrow = *buffer->video();
  narrow.layout.plane[0].stride = narrow.layout.plane[1].stride = 256;
  narrow.layout.plane[1].offset /= 2;
  ASSERT_TRUE(buffer->set(narrow));
  EXPECT_NE(import(*buffer), wide);
}

TEST_F(SurfaceCacheTest, tells_files_apart_whose_descriptors_have_the_same_number) {
  VASurfaceID first = VA_INVALID_SURFACE;
  int number = -1;
  {
    const Ref<Buffer> buffer = frame();
    number = buffer->memory().fd();
    first = import(*buffer);
  }
  const Ref<Buffer> next = frame();
  ASSERT_EQ(next->memory().fd(), number);
  EXPECT_NE(import(*next), first);
}

TEST_F(SurfaceCacheTest, is_bounded_and_lets_the_oldest_go) {
  const size_t before = open_descriptors();
  const Ref<Buffer> favourite = frame();
  const VASurfaceID kept = import(*favourite);
  for (size_t i = 0; i < 2 * SurfaceCache::max_surfaces; ++i) {
    import(*frame());
    EXPECT_EQ(import(*favourite), kept);
  }
  EXPECT_EQ(cache_.size(), SurfaceCache::max_surfaces);
  EXPECT_LE(open_descriptors(), before + 2 * SurfaceCache::max_surfaces + 1);
}

TEST_F(SurfaceCacheTest, tells_pictures_in_one_memory_apart) {
  const Ref<Buffer> whole = frame();
  const VideoMeta small{.width = 32, .height = 16, .layout = whole->video()->layout};
  std::vector<VASurfaceID> surfaces{import(*whole)};
  for (const size_t first_row : {0U, 16U, 32U}) {
    const size_t at = first_row * small.layout.plane[0].stride;
    const Ref<Buffer> part = view_of(*whole, at, whole->size() - at).take();
    VideoMeta meta = small;
    for (PlaneLayout& plane : meta.layout.plane) plane.rows = plane.rows == 0 ? 0 : 16;
    meta.layout.plane[1].offset -= at;
    meta.layout.plane[1].rows = 8;
    meta.layout.size = meta.layout.plane[1].offset + meta.layout.plane[1].bytes();
    ASSERT_TRUE(part->set(meta).has_value());
    EXPECT_EQ(place_of_plane(*part, 0).base, place_of_plane(*whole, 0).base + at);
    surfaces.push_back(import(*part));
    EXPECT_EQ(import(*part), surfaces.back());
  }
  std::ranges::sort(surfaces);
  EXPECT_EQ(std::ranges::adjacent_find(surfaces), surfaces.end());
}

TEST_F(SurfaceCacheTest, refuses_memory_without_a_file) {
  SystemAllocator system;
  const Ref<Buffer> buffer = testing::make_frame(system, {.width = 64, .height = 48}, 0);
  const Result<VASurfaceID> surface =
      cache_.surface_of(place_of_frame(*buffer).value(), *buffer->video());
  ASSERT_FALSE(surface);
  EXPECT_EQ(surface.error().kind, ErrorKind::unavailable);
  EXPECT_NE(surface.error().what.find("no file"), std::string::npos);
}

}  // namespace
}  // namespace millrace::vaapi
