// SPDX-License-Identifier: MIT
// The rules of an import, before any driver is asked.
#include "hw/vaapi/surface_import.h"

#include <drm_fourcc.h>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

/// 64x48 with a stride of 256 and 64 rows of Y.
ImportSource sound_source() {
  ImportSource source{.fd = 5, .object_size = 256 * 96, .size = {64, 48}};
  source.layout.coded_width = 64;
  source.layout.coded_height = 48;
  source.layout.plane[0] = {.offset = 0, .stride = 256, .rows = 64};
  source.layout.plane[1] = {.offset = 256 * 64, .stride = 256, .rows = 32};
  source.layout.size = 256 * 96;
  return source;
}

void expect_refusal(const ImportSource& source, const std::string& words) {
  const Result<VADRMPRIMESurfaceDescriptor> result = describe_import(source);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find(words), std::string::npos) << result.error().what;
}

TEST(ImportDescription, is_one_object_and_one_layer_with_an_explicit_modifier) {
  const Result<VADRMPRIMESurfaceDescriptor> result = describe_import(sound_source());
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->fourcc, static_cast<uint32_t>(VA_FOURCC_NV12));
  EXPECT_EQ(result->width, 64U);
  EXPECT_EQ(result->height, 48U);
  EXPECT_EQ(result->num_objects, 1U);
  EXPECT_EQ(result->objects[0].fd, 5);
  EXPECT_EQ(result->objects[0].size, 256U * 96);
  EXPECT_EQ(result->objects[0].drm_format_modifier, uint64_t{DRM_FORMAT_MOD_LINEAR});
  EXPECT_EQ(result->num_layers, 1U);
  EXPECT_EQ(result->layers[0].drm_format, static_cast<uint32_t>(DRM_FORMAT_NV12));
  EXPECT_EQ(result->layers[0].num_planes, 2U);
  EXPECT_EQ(result->layers[0].offset[1], 256U * 64);
  EXPECT_EQ(result->layers[0].pitch[1], 256U);
}

TEST(ImportDescription, counts_offsets_from_the_start_of_the_object) {
  ImportSource source = sound_source();
  source.base = 512;
  source.object_size += 512;
  const Result<VADRMPRIMESurfaceDescriptor> result = describe_import(source);
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->layers[0].offset[0], 512U);
  EXPECT_EQ(result->layers[0].offset[1], 512U + 256 * 64);
}

TEST(ImportDescription, refuses_planes_of_different_strides) {
  ImportSource source = sound_source();
  source.layout.plane[1].stride = 128;
  expect_refusal(source, "256 and 128");
}

TEST(ImportDescription, refuses_a_plane_that_does_not_start_at_a_whole_row) {
  ImportSource source = sound_source();
  source.layout.plane[1].offset -= 128;
  expect_refusal(source, "whole row");
  source = sound_source();
  source.base = 100;
  expect_refusal(source, "whole row");
}

TEST(ImportDescription, refuses_uv_before_y) {
  ImportSource source = sound_source();
  std::swap(source.layout.plane[0].offset, source.layout.plane[1].offset);
  expect_refusal(source, "UV does not come after Y");
}

TEST(ImportDescription, refuses_an_object_that_is_too_small_or_too_large) {
  ImportSource source = sound_source();
  source.object_size = 256 * 64;
  expect_refusal(source, "does not fit");
  source.object_size = uint64_t{1} << 32;
  expect_refusal(source, "4 GiB");
  source = sound_source();
  source.base = 256 * 200;
  expect_refusal(source, "beyond its object");
}

TEST(ImportDescription, refuses_other_formats_and_modifiers) {
  ImportSource source = sound_source();
  source.layout.format = PixelFormat::p010;
  expect_refusal(source, "not NV12");
  source = sound_source();
  source.layout.modifier = Modifier::implicit;
  expect_refusal(source, "LINEAR");
  source = sound_source();
  source.layout.plane[0].stride = source.layout.plane[1].stride = 0;
  expect_refusal(source, "stride is 0");
}

}  // namespace
}  // namespace millrace::vaapi
