// SPDX-License-Identifier: MIT
#include "hw/vaapi/surface_export.h"

#include <functional>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

constexpr SurfaceSize size{.width = 64, .height = 48};
constexpr uint64_t object_bytes = 256 * 96;

VADRMPRIMESurfaceDescriptor separate_layers() {
  VADRMPRIMESurfaceDescriptor out{};
  out.fourcc = VA_FOURCC_NV12;
  out.num_objects = 1;
  out.num_layers = 2;
  for (auto& layer : out.layers) {
    layer.num_planes = 1;
    layer.pitch[0] = 256;
  }
  out.layers[1].offset[0] = 256 * 64;
  return out;
}

TEST(SurfaceExport, is_read_as_a_layout_of_the_whole_object) {
  const Result<Layout> layout = read_export(separate_layers(), size, object_bytes);
  ASSERT_TRUE(layout) << layout.error().what;
  EXPECT_EQ(layout->plane[0], (PlaneLayout{0, 256, 64}));
  EXPECT_EQ(layout->plane[1], (PlaneLayout{256 * 64, 256, 32}));
  EXPECT_EQ(layout->size, object_bytes);
}

struct Unfit {
  std::string name;
  std::function<void(VADRMPRIMESurfaceDescriptor&)> spoil;
  std::string words;
};

void PrintTo(const Unfit& unfit, std::ostream* out) {
  *out << unfit.name;
}

class UnfitExport : public ::testing::TestWithParam<Unfit> {};

TEST_P(UnfitExport, is_refused_with_the_reason) {
  VADRMPRIMESurfaceDescriptor described = separate_layers();
  GetParam().spoil(described);
  const Result<Layout> layout = read_export(described, size, object_bytes);
  ASSERT_FALSE(layout);
  EXPECT_NE(layout.error().what.find(GetParam().words), std::string::npos) << layout.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    OfADriver, UnfitExport,
    ::testing::Values(
        Unfit{"tiled", [](auto& d) { d.objects[0].drm_format_modifier = 0x0100000000000002; },
              "tiled"},
        Unfit{"implicit", [](auto& d) { d.objects[0].drm_format_modifier = 0x00ffffffffffffff; },
              "unknown"},
        Unfit{"two_objects", [](auto& d) { d.num_objects = 2; }, "2 objects"},
        Unfit{"no_object", [](auto& d) { d.num_objects = 0; }, "0 objects"},
        Unfit{"another_format", [](auto& d) { d.fourcc = VA_FOURCC_P010; }, "NV12"},
        Unfit{"one_layer", [](auto& d) { d.num_layers = 1; }, "layers"},
        Unfit{"no_stride", [](auto& d) { d.layers[0].pitch[0] = 0; }, "strides 0"},
        Unfit{"narrow", [](auto& d) { d.layers[0].pitch[0] = 32; }, "does not fit"},
        Unfit{"beyond", [](auto& d) { d.layers[1].offset[0] = 256 * 80; }, "does not fit"},
        Unfit{"far_beyond", [](auto& d) { d.layers[1].offset[0] = ~0U; }, "planes at"},
        Unfit{"swapped", [](auto& d) { d.layers[1].offset[0] = 0; }, "planes at"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace millrace::vaapi
