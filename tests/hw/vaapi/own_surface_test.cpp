// SPDX-License-Identifier: MIT
// The driver's own surfaces as memory, and the trial before they are offered.
#include "hw/vaapi/own_surface.h"

#include <array>
#include <filesystem>
#include <string>

#include <sys/stat.h>
#include <va/va_drmcommon.h>

#include <gtest/gtest.h>

#include "hw/vaapi/image.h"
#include "hw/vaapi/own_surface_trial.h"
#include "hw/vaapi/surface_allocator.h"
#include "tests/hw/vaapi/export_calls.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {
namespace {

constexpr SurfaceSize size{.width = 322, .height = 182};

size_t open_descriptors() {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                           std::filesystem::directory_iterator()));
}

/// The first luma sample of row 100 as the driver finds it.
std::byte luma_of(const SharedDisplay& display, const SurfaceMemory& memory) {
  Result<Image> image = Image::create(display, size);
  EXPECT_TRUE(image) << image.error().what;
  EXPECT_EQ(
      vaGetImage(display->va(), memory.surface().id(), 0, 0, size.width, size.height, image->id()),
      VA_STATUS_SUCCESS);
  const Result<std::span<std::byte>> bytes = image->map();
  EXPECT_TRUE(bytes);
  return (*bytes)[image->layout().plane[0].offset + 100 * image->layout().plane[0].stride];
}

class OwnSurface : public ::testing::TestWithParam<Reach> {
 protected:
  SharedDisplay display_ = testing::software_driver();

  Ref<SurfaceMemory> make() {
    Result<Ref<SurfaceMemory>> made = SurfaceMemory::create(display_, size, GetParam());
    EXPECT_TRUE(made) << made.error().what;
    return made ? made.take() : nullptr;
  }
};

TEST_P(OwnSurface, is_written_where_the_driver_reads) {
  const Ref<SurfaceMemory> memory = make();
  ASSERT_TRUE(memory);
  EXPECT_EQ(luma_of(display_, *memory), std::byte{0});
  {
    const Result<WriteView> view = memory->write();
    ASSERT_TRUE(view);
    view->bytes()[memory->layout().plane[0].offset + 100 * memory->layout().plane[0].stride] =
        std::byte{77};
  }
  EXPECT_EQ(luma_of(display_, *memory), std::byte{77});
}

TEST_P(OwnSurface, is_known_by_the_file_behind_it) {
  const Ref<SurfaceMemory> memory = make();
  const Ref<SurfaceMemory> other = make();
  EXPECT_NE(memory->identity().inode, 0U);
  EXPECT_NE(memory->identity(), other->identity());
  if (GetParam() == Reach::derived) {
    EXPECT_EQ(memory->kind(), MemoryKind::device);
    EXPECT_EQ(memory->fd(), -1);
    return;
  }
  struct stat facts = {};
  ASSERT_EQ(::fstat(memory->fd(), &facts), 0);
  EXPECT_EQ(memory->identity().inode, facts.st_ino);
}

TEST_P(OwnSurface, allows_windows_that_overlap) {
  const Ref<SurfaceMemory> memory = make();
  auto first = std::make_unique<Result<ReadView>>(memory->read());
  const Result<ReadView> second = memory->read();
  ASSERT_TRUE(*first && second);
  EXPECT_EQ((*first)->bytes().data(), second->bytes().data());
  first.reset();
  EXPECT_EQ(second->bytes()[0], std::byte{0});
}

TEST_P(OwnSurface, leaves_no_descriptor_behind) {
  const size_t before = open_descriptors();
  make();
  EXPECT_EQ(open_descriptors(), before);
}

INSTANTIATE_TEST_SUITE_P(Reached, OwnSurface, ::testing::Values(Reach::exported, Reach::derived),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST(OwnSurfaceTrial, exports_for_writing_in_separate_layers_and_closes_what_it_gets) {
  const SharedDisplay display = testing::software_driver();
  const size_t before = open_descriptors();
  static_cast<void>(testing::take_export_calls());
  ASSERT_TRUE(try_own_surface(display, size, false).passed);
  const std::vector<testing::ExportCall> calls = testing::take_export_calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].memory_type, uint32_t{VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2});
  EXPECT_EQ(calls[0].flags,
            uint32_t{VA_EXPORT_SURFACE_WRITE_ONLY | VA_EXPORT_SURFACE_SEPARATE_LAYERS});
  EXPECT_EQ(open_descriptors(), before);
}

TEST(OwnSurfaceTrial, prefers_export_and_reads_back_what_it_wrote) {
  const OwnSurfaceTrial trial = try_own_surface(testing::software_driver(), size, false);
  EXPECT_TRUE(trial.passed);
  EXPECT_EQ(trial.reach, Reach::exported);
  EXPECT_TRUE(trial.refusals.empty());
  EXPECT_EQ(trial.why.origin, Origin::learned);
  EXPECT_NE(trial.why.raw.find("read back by vaGetImage as written"), std::string::npos)
      << trial.why.raw;
  EXPECT_EQ(trial.layout.plane[0].stride, 512U);
  EXPECT_EQ(trial.layout.plane[1].offset, 512U * 192);
}

TEST(OwnSurfaceTrial, takes_two_descriptors_of_one_file_for_one_object_and_closes_both) {
  const SharedDisplay display = testing::software_driver();
  const size_t before = open_descriptors();
  testing::export_in_two_descriptors(true);
  const OwnSurfaceTrial trial = try_own_surface(display, size, false);
  testing::export_in_two_descriptors(false);
  EXPECT_TRUE(trial.passed);
  EXPECT_EQ(trial.reach, Reach::exported) << trial.why.raw;
  EXPECT_EQ(open_descriptors(), before);
}

TEST(OwnSurfaceTrial, derives_where_nothing_is_exported_and_keeps_why) {
  const OwnSurfaceTrial trial = try_own_surface(testing::software_driver("export=no"), size, false);
  EXPECT_TRUE(trial.passed);
  EXPECT_EQ(trial.reach, Reach::derived);
  ASSERT_EQ(trial.refusals.size(), 1U);
  EXPECT_NE(trial.refusals[0].answer.find("export=no"), std::string::npos);
}

TEST(OwnSurfaceTrial, does_not_derive_where_a_file_must_be_shared) {
  const OwnSurfaceTrial trial = try_own_surface(testing::software_driver("export=no"), size, true);
  EXPECT_FALSE(trial.passed);
  EXPECT_EQ(trial.refusals.size(), 1U);
}

TEST(OwnSurfaceTrial, refuses_tiled_surfaces_with_the_modifier) {
  const OwnSurfaceTrial trial =
      try_own_surface(testing::software_driver("own-layout=tiled"), size, false);
  EXPECT_FALSE(trial.passed);
  ASSERT_EQ(trial.refusals.size(), 2U);
  EXPECT_NE(trial.refusals[0].answer.find("0x0100000000000002"), std::string::npos);
  EXPECT_NE(trial.refusals[1].answer.find("vaDeriveImage"), std::string::npos);
}

TEST(OwnSurfaceTrial, finds_out_surfaces_that_are_tiled_and_do_not_say_so) {
  for (const SurfaceSize each : {size, {16, 16}, {130, 98}, {1920, 1080}}) {
    const OwnSurfaceTrial trial =
        try_own_surface(testing::software_driver("own-layout=lying"), each, false);
    EXPECT_FALSE(trial.passed) << each.width;
    ASSERT_EQ(trial.refusals.size(), 2U);
    for (const OwnSurfaceTrial::Refusal& refusal : trial.refusals) {
      EXPECT_NE(refusal.answer.find("read back"), std::string::npos) << refusal.answer;
    }
  }
}

TEST(OwnSurfaceTrial, leaves_no_descriptor_and_no_words_behind) {
  for (const char* knobs : {"", "export=no", "own-layout=tiled", "export=no,derive=no"}) {
    const SharedDisplay display = testing::software_driver(knobs);
    const size_t before = open_descriptors();
    static_cast<void>(try_own_surface(display, size, false));
    EXPECT_EQ(open_descriptors(), before) << knobs;
    EXPECT_EQ(display->take_driver_words(), "") << knobs;
  }
}

TEST(SurfaceAllocator, makes_surfaces_like_the_trials_and_none_that_hold_less) {
  const SharedDisplay display = testing::software_driver();
  const OwnSurfaceTrial trial = try_own_surface(display, size, false);
  SurfaceAllocator allocator(display, size, trial);
  EXPECT_EQ(allocator.heap(), "va-surface");
  const Result<Ref<Memory>> memory = allocator.allocate(trial.layout.size, {});
  ASSERT_TRUE(memory) << memory.error().what;
  EXPECT_EQ((*memory)->size(), trial.layout.size);
  EXPECT_EQ((*memory)->kind(), allocator.kind());
  EXPECT_FALSE(allocator.allocate(trial.layout.size + 1, {}));
  EXPECT_FALSE(allocator.allocate(16, {.prefix = 1}));
  EXPECT_FALSE(allocator.allocate(16, {.padding = trial.layout.size}));
}

TEST(SurfaceAllocator, refuses_a_surface_that_is_laid_out_otherwise_than_the_trials) {
  OwnSurfaceTrial trial = try_own_surface(testing::software_driver("stride=1024"), size, false);
  SurfaceAllocator allocator(testing::software_driver(), size, trial);
  const Result<Ref<Memory>> memory = allocator.allocate(16, {});
  ASSERT_FALSE(memory);
  EXPECT_NE(memory.error().what.find("otherwise than in the trial"), std::string::npos);
}

TEST(Image, reaches_no_further_than_the_surface_it_is_derived_from) {
  const SharedDisplay display = testing::software_driver();
  const Result<Surface> surface = create_own_surface(display, {.width = 64, .height = 64});
  ASSERT_TRUE(surface);
  const Result<Image> image = Image::derive(display, surface->id(), {.width = 128, .height = 64});
  ASSERT_FALSE(image);
  EXPECT_NE(image.error().what.find("cannot hold"), std::string::npos);
}

}  // namespace
}  // namespace millrace::vaapi
