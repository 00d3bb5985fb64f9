// SPDX-License-Identifier: MIT
// Surfaces of the driver's own: creation, attributes, status, export.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <va/va_drmcommon.h>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

VASurfaceAttrib integer(VASurfaceAttribType type, uint32_t value) {
  VASurfaceAttrib attribute = {};
  attribute.type = type;
  attribute.flags = VA_SURFACE_ATTRIB_SETTABLE;
  attribute.value.type = VAGenericValueTypeInteger;
  attribute.value.value.i = static_cast<int>(value);
  return attribute;
}

VASurfaceAttrib pointer(VASurfaceAttribType type, void* value) {
  VASurfaceAttrib attribute = {};
  attribute.type = type;
  attribute.flags = VA_SURFACE_ATTRIB_SETTABLE;
  attribute.value.type = VAGenericValueTypePointer;
  attribute.value.value.p = value;
  return attribute;
}

VAStatus create(const Display& display, uint32_t width, uint32_t height,
                std::vector<VASurfaceAttrib> attributes = {}, uint32_t count = 1,
                uint32_t format = VA_RT_FORMAT_YUV420) {
  std::vector<VASurfaceID> surfaces(count, 77);
  const VAStatus status =
      vaCreateSurfaces(display.get(), format, width, height, surfaces.data(), count,
                       attributes.data(), static_cast<unsigned>(attributes.size()));
  if (status == VA_STATUS_SUCCESS) {
    EXPECT_EQ(vaDestroySurfaces(display.get(), surfaces.data(), static_cast<int>(count)),
              VA_STATUS_SUCCESS);
  }
  return status;
}

TEST(Surfaces, of_any_size_can_be_made) {
  const Display display;
  for (const auto& [width, height] : std::vector<std::pair<uint32_t, uint32_t>>{
           {1, 1}, {15, 3}, {321, 181}, {1920, 1080}, {9000, 9000}})
    EXPECT_EQ(create(display, width, height, {}, 10), VA_STATUS_SUCCESS);
}

TEST(Surfaces, are_refused_with_the_status_of_what_is_wrong) {
  const Display display;
  VASurfaceID surface = VA_INVALID_ID;
  EXPECT_EQ(vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 64, 64, &surface, 0, nullptr, 0),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(create(display, 0, 64), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(create(display, 64, 64, {integer(VASurfaceAttribPixelFormat, VA_FOURCC_YUY2)}),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(create(display, 64, 64, {}, 1, VA_RT_FORMAT_RGB32),
            VA_STATUS_ERROR_UNSUPPORTED_RT_FORMAT);
  EXPECT_EQ(create(display, 64, 64, {integer(VASurfaceAttribMemoryType, 0x00000040)}),
            VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
  EXPECT_EQ(create(display, 64, 64, {integer(VASurfaceAttribMinWidth, 1)}),
            VA_STATUS_ERROR_ATTR_NOT_SUPPORTED);
  EXPECT_EQ(create(display, 0xFFFFFFFF, 0xFFFFFFFF), VA_STATUS_ERROR_ALLOCATION_FAILED);
  EXPECT_EQ(create(display, 64, 64), VA_STATUS_SUCCESS);
}

TEST(Surfaces, take_every_settable_attribute_alone) {
  const Display display;
  uint64_t linear = 0;
  VADRMFormatModifierList modifiers = {1, &linear};
  for (const VASurfaceAttrib& attribute :
       {integer(VASurfaceAttribPixelFormat, VA_FOURCC_NV12),
        integer(VASurfaceAttribMemoryType, VA_SURFACE_ATTRIB_MEM_TYPE_VA),
        integer(VASurfaceAttribMemoryType, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME),
        integer(VASurfaceAttribMemoryType, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2),
        integer(VASurfaceAttribUsageHint, VA_SURFACE_ATTRIB_USAGE_HINT_ENCODER),
        pointer(VASurfaceAttribExternalBufferDescriptor, nullptr),
        pointer(VASurfaceAttribDRMFormatModifiers, &modifiers)})
    EXPECT_EQ(create(display, 64, 64, {attribute}, 10), VA_STATUS_SUCCESS) << attribute.type;
}

TEST(Surfaces, are_linear_or_refused) {
  const Display display;
  uint64_t tiled = 0x0100000000000001;
  VADRMFormatModifierList modifiers = {1, &tiled};
  EXPECT_EQ(create(display, 64, 64, {pointer(VASurfaceAttribDRMFormatModifiers, &modifiers)}),
            VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST(SurfaceAttributes, are_counted_first_and_given_then) {
  const Display display;
  Client client(display, {});
  unsigned count = 12345;  // A client may leave it uninitialised.
  ASSERT_EQ(vaQuerySurfaceAttributes(client.display, client.config, nullptr, &count),
            VA_STATUS_SUCCESS);
  std::vector<VASurfaceAttrib> attributes(count);
  unsigned too_few = count - 1;
  EXPECT_EQ(vaQuerySurfaceAttributes(client.display, client.config, attributes.data(), &too_few),
            VA_STATUS_ERROR_MAX_NUM_EXCEEDED);
  EXPECT_EQ(too_few, count);
  EXPECT_EQ(vaQuerySurfaceAttributes(client.display, client.config, attributes.data(), &count),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(vaQuerySurfaceAttributes(client.display, VA_INVALID_ID, nullptr, &count),
            VA_STATUS_ERROR_INVALID_CONFIG);
}

TEST(SurfaceStatus, of_an_idle_surface_is_ready_at_once) {
  const Display display;
  Client client(display, {});
  VASurfaceStatus status = VASurfaceRendering;
  EXPECT_EQ(vaSyncSurface(client.display, client.input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaSyncSurface2(client.display, client.input, 0), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaQuerySurfaceStatus(client.display, client.input, &status), VA_STATUS_SUCCESS);
  EXPECT_EQ(status, VASurfaceReady);
}

VAStatus export_surface(const Client& client, uint32_t flags,
                        VADRMPRIMESurfaceDescriptor& descriptor) {
  return vaExportSurfaceHandle(client.display, client.input, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2,
                               flags, &descriptor);
}

TEST(Export, gives_separate_layers_over_one_linear_object) {
  const Display display;
  Client client(display, {.width = 322, .height = 182});
  VADRMPRIMESurfaceDescriptor out = {};
  ASSERT_EQ(
      export_surface(client, VA_EXPORT_SURFACE_READ_WRITE | VA_EXPORT_SURFACE_SEPARATE_LAYERS, out),
      VA_STATUS_SUCCESS);
  EXPECT_EQ(out.num_objects, 1U);
  EXPECT_EQ(out.num_layers, 2U);
  EXPECT_EQ(out.layers[0].pitch[0], 512U);
  EXPECT_EQ(out.layers[1].pitch[0], 512U);
  EXPECT_EQ(out.layers[1].offset[0], 512U * 192);
  EXPECT_EQ(out.objects[0].drm_format_modifier, 0U);
  EXPECT_EQ(lseek(out.objects[0].fd, 0, SEEK_END), static_cast<off_t>(out.objects[0].size));
  EXPECT_NE(fcntl(out.objects[0].fd, F_GETFD) & FD_CLOEXEC, 0);
  close(out.objects[0].fd);
}

TEST(Export, gives_one_composed_layer_where_that_is_asked_for) {
  const Display display;
  Client client(display, {});
  VADRMPRIMESurfaceDescriptor out = {};
  ASSERT_EQ(export_surface(client, VA_EXPORT_SURFACE_COMPOSED_LAYERS, out), VA_STATUS_SUCCESS);
  EXPECT_EQ(out.num_layers, 1U);
  EXPECT_EQ(out.layers[0].num_planes, 2U);
  EXPECT_EQ(out.layers[0].drm_format, uint32_t{VA_FOURCC_NV12});
  close(out.objects[0].fd);
}

TEST(Export, without_a_layer_flag_is_separate_and_with_both_is_refused) {
  const Display display;
  Client client(display, {});
  VADRMPRIMESurfaceDescriptor out = {};
  ASSERT_EQ(export_surface(client, VA_EXPORT_SURFACE_READ_ONLY, out), VA_STATUS_SUCCESS);
  EXPECT_EQ(out.num_layers, 2U);
  close(out.objects[0].fd);
  EXPECT_EQ(export_surface(
                client, VA_EXPORT_SURFACE_SEPARATE_LAYERS | VA_EXPORT_SURFACE_COMPOSED_LAYERS, out),
            VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST(Export, of_an_unknown_kind_or_a_destroyed_surface_is_refused) {
  const Display display;
  Client client(display, {});
  VADRMPRIMESurfaceDescriptor out = {};
  EXPECT_EQ(vaExportSurfaceHandle(client.display, client.input,
                                  VA_SURFACE_ATTRIB_MEM_TYPE_KERNEL_DRM, 0, &out),
            VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
  VASurfaceID gone = VA_INVALID_ID;
  ASSERT_EQ(vaCreateSurfaces(client.display, VA_RT_FORMAT_YUV420, 64, 64, &gone, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
  ASSERT_EQ(vaDestroySurfaces(client.display, &gone, 1), VA_STATUS_SUCCESS);
  EXPECT_EQ(
      vaExportSurfaceHandle(client.display, gone, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2, 0, &out),
      VA_STATUS_ERROR_INVALID_SURFACE);
}

TEST(Export, shares_the_bytes_and_cannot_be_shrunk) {
  const Display display;
  Client client(display, {});
  client.paint(5);
  VADRMPRIMESurfaceDescriptor out = {};
  ASSERT_EQ(export_surface(client, VA_EXPORT_SURFACE_READ_ONLY, out), VA_STATUS_SUCCESS);
  void* const mapped =
      mmap(nullptr, out.objects[0].size, PROT_READ, MAP_SHARED, out.objects[0].fd, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  EXPECT_EQ(static_cast<uint8_t*>(mapped)[10], 16 + 20 + 15);
  EXPECT_NE(ftruncate(out.objects[0].fd, 1), 0);
  munmap(mapped, out.objects[0].size);
  close(out.objects[0].fd);
}

TEST(Export, says_whether_it_gives_a_dma_buf_or_a_memfd) {
  const Display display;
  Client client(display, {});
  VADRMPRIMESurfaceDescriptor out = {};
  ASSERT_EQ(export_surface(client, VA_EXPORT_SURFACE_READ_ONLY, out), VA_STATUS_SUCCESS);
  close(out.objects[0].fd);
  const bool wraps = access("/dev/udmabuf", R_OK | W_OK) == 0;
  EXPECT_NE(display.messages().find(wraps ? "as a dma-buf" : "as a memfd"), std::string::npos);
}

}  // namespace
}  // namespace millrace::softva_test
