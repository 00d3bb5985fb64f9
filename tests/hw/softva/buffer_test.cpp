// SPDX-License-Identifier: MIT
// Buffers and images: maps, sizes, handles, and the status of each misuse.
#include <cstring>

#include <fcntl.h>
#include <va/va_drmcommon.h>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

class BufferStatus : public testing::Test {
 protected:
  VAStatus create(VABufferType type, uint32_t size, uint32_t elements, void* data) {
    VABufferID id = 77;
    const VAStatus status =
        vaCreateBuffer(client.display, client.context, type, size, elements, data, &id);
    if (status == VA_STATUS_SUCCESS) {
      EXPECT_EQ(vaDestroyBuffer(client.display, id), VA_STATUS_SUCCESS);
    } else {
      EXPECT_EQ(id, VA_INVALID_ID);
    }
    return status;
  }

  const Display display;
  Client client{display, {}};
};

TEST_F(BufferStatus, tells_what_cannot_be_created) {
  uint8_t byte = 0;
  EXPECT_EQ(create(VAEncCodedBufferType, 1000, 1, &byte), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(create(VAEncCodedBufferType, 0, 1, nullptr), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(create(VAEncSliceParameterBufferType, 16, 0, nullptr),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(create(VAEncCodedBufferType, 0xFFFFFFFF, 1, nullptr),
            VA_STATUS_ERROR_ALLOCATION_FAILED);
  EXPECT_EQ(create(VAEncSliceParameterBufferType, 0x10000, 0x10001, nullptr),
            VA_STATUS_ERROR_ALLOCATION_FAILED);
  EXPECT_EQ(create(VAEncSliceParameterBufferType, 16, 4, nullptr), VA_STATUS_SUCCESS);
}

TEST_F(BufferStatus, tells_that_the_context_is_none) {
  VABufferID id = 77;
  EXPECT_EQ(
      vaCreateBuffer(client.display, VA_INVALID_ID, VAEncCodedBufferType, 1000, 1, nullptr, &id),
      VA_STATUS_ERROR_INVALID_CONTEXT);
  EXPECT_EQ(id, VA_INVALID_ID);
}

TEST_F(BufferStatus, tells_what_was_destroyed) {
  void* mapped = nullptr;
  const VABufferID gone = client.make_buffer(VAEncSliceParameterBufferType, 16, nullptr);
  ASSERT_EQ(vaDestroyBuffer(client.display, gone), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaMapBuffer(client.display, gone, &mapped), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaUnmapBuffer(client.display, gone), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaDestroyBuffer(client.display, gone), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaBufferSetNumElements(client.display, gone, 1), VA_STATUS_ERROR_INVALID_BUFFER);
}

TEST_F(BufferStatus, counts_maps) {
  void* first = nullptr;
  void* second = nullptr;
  const VABufferID id = client.make_buffer(VAEncSliceParameterBufferType, 16, nullptr);
  EXPECT_EQ(vaUnmapBuffer(client.display, id), VA_STATUS_ERROR_INVALID_BUFFER);
  ASSERT_EQ(vaMapBuffer(client.display, id, &first), VA_STATUS_SUCCESS);
  ASSERT_EQ(vaMapBuffer(client.display, id, &second), VA_STATUS_SUCCESS);
  EXPECT_EQ(first, second);
  EXPECT_EQ(vaUnmapBuffer(client.display, id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaUnmapBuffer(client.display, id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaUnmapBuffer(client.display, id), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaDestroyBuffer(client.display, id), VA_STATUS_SUCCESS);
}

TEST_F(BufferStatus, lets_a_mapped_buffer_be_destroyed) {
  void* mapped = nullptr;
  const VABufferID id = client.make_buffer(VAEncSliceParameterBufferType, 16, nullptr);
  ASSERT_EQ(vaMapBuffer(client.display, id, &mapped), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyBuffer(client.display, id), VA_STATUS_SUCCESS);
  EXPECT_FALSE(client.encode(true).empty());
}

TEST_F(BufferStatus, tells_size_and_elements) {
  VABufferID id = VA_INVALID_ID;
  ASSERT_EQ(vaCreateBuffer(client.display, client.context, VAEncSliceParameterBufferType, 16, 4,
                           nullptr, &id),
            VA_STATUS_SUCCESS);
  const VADriverContextP driver = display.driver();
  VABufferType type = VABufferTypeMax;
  unsigned size = 0;
  unsigned elements = 0;
  EXPECT_EQ(vaBufferSetNumElements(client.display, id, 5), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(vaBufferSetNumElements(client.display, id, 2), VA_STATUS_SUCCESS);
  EXPECT_EQ(driver->vtable->vaBufferInfo(driver, id, &type, &size, &elements), VA_STATUS_SUCCESS);
  EXPECT_EQ(type, VAEncSliceParameterBufferType);
  EXPECT_EQ(size, 16U);
  EXPECT_EQ(elements, 2U);
  EXPECT_EQ(vaDestroyBuffer(client.display, id), VA_STATUS_SUCCESS);
}

TEST_F(BufferStatus, of_sync_is_about_coded_buffers) {
  const VABufferID other = client.make_buffer(VAEncSliceParameterBufferType, 16, nullptr);
  EXPECT_EQ(vaSyncBuffer(client.display, VA_INVALID_ID, 0), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaSyncBuffer(client.display, other, 0), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaSyncBuffer(client.display, client.coded, 0), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyBuffer(client.display, other), VA_STATUS_SUCCESS);
}

TEST_F(BufferStatus, maps_a_coded_buffer_that_was_never_filled_as_empty) {
  const Coded coded = client.take();
  EXPECT_EQ(coded.status, VA_STATUS_SUCCESS);
  EXPECT_TRUE(coded.bytes.empty());
}

TEST(Images, are_nv12) {
  const Display display;
  std::vector<VAImageFormat> formats(static_cast<size_t>(vaMaxNumImageFormats(display.get())));
  int count = 0;
  ASSERT_EQ(vaQueryImageFormats(display.get(), formats.data(), &count), VA_STATUS_SUCCESS);
  ASSERT_EQ(count, 1);
  EXPECT_EQ(formats[0].fourcc, uint32_t{VA_FOURCC_NV12});
  VAImage image = {};
  VAImageFormat other = {};
  other.fourcc = VA_FOURCC_YV12;
  EXPECT_EQ(vaCreateImage(display.get(), &other, 64, 64, &image),
            VA_STATUS_ERROR_INVALID_IMAGE_FORMAT);
  EXPECT_EQ(vaCreateImage(display.get(), formats.data(), 0, 64, &image),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(vaCreateImage(display.get(), formats.data(), 70000, 16, &image),
            VA_STATUS_ERROR_ALLOCATION_FAILED);
  EXPECT_EQ(image.image_id, VA_INVALID_ID);
}

class Pixels : public testing::Test {
 protected:
  VAImage make_image(int width, int height) const {
    VAImageFormat format = {};
    format.fourcc = VA_FOURCC_NV12;
    VAImage image = {};
    EXPECT_EQ(vaCreateImage(client.display, &format, width, height, &image), VA_STATUS_SUCCESS);
    return image;
  }

  uint8_t* map(const VAImage& image) const {
    void* mapped = nullptr;
    EXPECT_EQ(vaMapBuffer(client.display, image.buf, &mapped), VA_STATUS_SUCCESS);
    return static_cast<uint8_t*>(mapped);
  }

  void unmap(const VAImage& image) const {
    EXPECT_EQ(vaUnmapBuffer(client.display, image.buf), VA_STATUS_SUCCESS);
  }

  const Display display;
  Client client{display, {.width = 66, .height = 34}};
};

TEST_F(Pixels, put_and_got_again_are_the_same) {
  const VAImage out = make_image(66, 34);
  const VAImage in = make_image(66, 34);
  uint8_t* bytes = map(out);
  for (uint32_t i = 0; i < out.data_size; ++i) bytes[i] = static_cast<uint8_t>(i * 7);
  unmap(out);
  ASSERT_EQ(vaPutImage(client.display, client.input, out.image_id, 0, 0, 66, 34, 0, 0, 66, 34),
            VA_STATUS_SUCCESS);
  ASSERT_EQ(vaGetImage(client.display, client.input, 0, 0, 66, 34, in.image_id), VA_STATUS_SUCCESS);
  const uint8_t* const sent = map(out);
  const uint8_t* const got = map(in);
  for (int plane = 0; plane < 2; ++plane)
    for (uint32_t y = 0; y < (plane == 0 ? 34U : 17U); ++y)
      EXPECT_EQ(std::memcmp(sent + out.offsets[plane] + y * out.pitches[plane],
                            got + in.offsets[plane] + y * in.pitches[plane], 66),
                0);
  unmap(out);
  unmap(in);
  EXPECT_EQ(vaDestroyImage(client.display, out.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(client.display, in.image_id), VA_STATUS_SUCCESS);
}

TEST_F(Pixels, go_where_they_are_put) {
  const VAImage image = make_image(16, 16);
  std::memset(map(image), 200, image.data_size);
  unmap(image);
  ASSERT_EQ(vaPutImage(client.display, client.input, image.image_id, 2, 2, 8, 8, 10, 6, 8, 8),
            VA_STATUS_SUCCESS);
  VAImage derived = {};
  ASSERT_EQ(vaDeriveImage(client.display, client.input, &derived), VA_STATUS_SUCCESS);
  const uint8_t* const bytes = map(derived);
  EXPECT_EQ(bytes[6 * derived.pitches[0] + 10], 200);
  EXPECT_EQ(bytes[6 * derived.pitches[0] + 9], 0);
  EXPECT_EQ(bytes[13 * derived.pitches[0] + 17], 200);
  EXPECT_EQ(bytes[14 * derived.pitches[0] + 17], 0);
  EXPECT_EQ(bytes[derived.offsets[1] + 3 * derived.pitches[1] + 10], 200);
  EXPECT_EQ(bytes[derived.offsets[1] + 2 * derived.pitches[1] + 10], 0);
  unmap(derived);
  EXPECT_EQ(vaDestroyImage(client.display, derived.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_SUCCESS);
}

TEST_F(Pixels, outside_of_surface_or_image_are_refused) {
  const VAImage image = make_image(16, 16);
  const auto put = [&](int x, int y, unsigned width, unsigned height, int to_x, int to_y) {
    return vaPutImage(client.display, client.input, image.image_id, x, y, width, height, to_x, to_y,
                      width, height);
  };
  EXPECT_EQ(put(8, 0, 16, 16, 0, 0), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(put(-2, 0, 8, 8, 0, 0), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(put(0, 0, 16, 16, 60, 0), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(put(0, 0, 0xFFFFFFFF, 16, 2, 0), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(vaGetImage(client.display, client.input, 0, 0, 32, 16, image.image_id),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(vaPutImage(client.display, client.input, image.image_id, 0, 0, 8, 8, 0, 0, 16, 16),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_SUCCESS);
}

TEST_F(Pixels, of_a_derived_image_outlive_their_surface) {
  VASurfaceID surface = VA_INVALID_ID;
  ASSERT_EQ(vaCreateSurfaces(client.display, VA_RT_FORMAT_YUV420, 64, 64, &surface, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
  VAImage image = {};
  ASSERT_EQ(vaDeriveImage(client.display, surface, &image), VA_STATUS_SUCCESS);
  uint8_t* const bytes = map(image);
  ASSERT_EQ(vaDestroySurfaces(client.display, &surface, 1), VA_STATUS_SUCCESS);
  bytes[0] = 1;
  unmap(image);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_ERROR_INVALID_IMAGE);
}

TEST_F(Pixels, of_a_derived_image_have_a_handle) {
  VAImage image = {};
  ASSERT_EQ(vaDeriveImage(client.display, client.input, &image), VA_STATUS_SUCCESS);
  VABufferInfo info = {};
  info.mem_type = VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME;
  ASSERT_EQ(vaAcquireBufferHandle(client.display, image.buf, &info), VA_STATUS_SUCCESS);
  EXPECT_GE(info.mem_size, size_t{image.data_size});
  EXPECT_GE(fcntl(static_cast<int>(info.handle), F_GETFD), 0);
  EXPECT_EQ(vaReleaseBufferHandle(client.display, image.buf), VA_STATUS_SUCCESS);
  EXPECT_LT(fcntl(static_cast<int>(info.handle), F_GETFD), 0);
  EXPECT_EQ(vaReleaseBufferHandle(client.display, image.buf), VA_STATUS_ERROR_INVALID_BUFFER);
  info.mem_type = VA_SURFACE_ATTRIB_MEM_TYPE_V4L2;
  EXPECT_EQ(vaAcquireBufferHandle(client.display, image.buf, &info),
            VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_SUCCESS);
}

TEST(Unimplemented, entries_say_so_and_nothing_crashes) {
  const Display display;
  Client client(display, {});
  VASubpictureID subpicture = VA_INVALID_ID;
  EXPECT_EQ(vaCreateSubpicture(client.display, VA_INVALID_ID, &subpicture),
            VA_STATUS_ERROR_UNIMPLEMENTED);
  const VADriverContextP driver = display.driver();
  unsigned fourcc = 0;
  unsigned values[7] = {};
  void* buffer = nullptr;
  EXPECT_EQ(
      driver->vtable->vaLockSurface(driver, client.input, &fourcc, values, values + 1, values + 2,
                                    values + 3, values + 4, values + 5, values + 6, &buffer),
      VA_STATUS_ERROR_UNIMPLEMENTED);
  EXPECT_EQ(driver->vtable->vaUnlockSurface(driver, client.input), VA_STATUS_ERROR_UNIMPLEMENTED);
  unsigned flags = 0;
  unsigned formats = 1;
  VAImageFormat format = {};
  EXPECT_EQ(vaQuerySubpictureFormats(client.display, &format, &flags, &formats), VA_STATUS_SUCCESS);
  EXPECT_EQ(formats, 0U);
  int attributes = 1;
  VADisplayAttribute attribute = {};
  EXPECT_EQ(vaMaxNumDisplayAttributes(client.display), 0);
  EXPECT_EQ(vaQueryDisplayAttributes(client.display, &attribute, &attributes), VA_STATUS_SUCCESS);
  EXPECT_EQ(attributes, 0);
}

}  // namespace
}  // namespace millrace::softva_test
