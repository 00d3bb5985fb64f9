// SPDX-License-Identifier: MIT
// How own surfaces lie in memory: the knobs height, coded and own-layout.
#include <array>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>
#include <va/va_drmcommon.h>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/decoder.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

constexpr uint32_t width = 322;
constexpr uint32_t height = 182;
constexpr uint64_t y_tiled = 0x0100000000000002;

uint8_t sample(uint32_t plane, uint32_t row, uint32_t column) {
  return static_cast<uint8_t>(40 + (row * 3 + column * 5 + plane * 77) % 151);
}

/// An NV12 image of the size, mapped while it lives.
class MappedImage {
 public:
  explicit MappedImage(const Display& display) : display_(display.get()) {
    VAImageFormat format = {};
    format.fourcc = VA_FOURCC_NV12;
    EXPECT_EQ(vaCreateImage(display_, &format, width, height, &image), VA_STATUS_SUCCESS);
    void* mapped = nullptr;
    EXPECT_EQ(vaMapBuffer(display_, image.buf, &mapped), VA_STATUS_SUCCESS);
    bytes = static_cast<uint8_t*>(mapped);
  }

  ~MappedImage() {
    EXPECT_EQ(vaUnmapBuffer(display_, image.buf), VA_STATUS_SUCCESS);
    EXPECT_EQ(vaDestroyImage(display_, image.image_id), VA_STATUS_SUCCESS);
  }

  MappedImage(const MappedImage&) = delete;
  MappedImage& operator=(const MappedImage&) = delete;

  [[nodiscard]] uint8_t& at(uint32_t plane, uint32_t row, uint32_t column) const {
    return bytes[image.offsets[plane] + row * image.pitches[plane] + column];
  }

  void paint() const {
    for (uint32_t plane = 0; plane < 2; ++plane) {
      for (uint32_t row = 0; row < height >> plane; ++row) {
        for (uint32_t column = 0; column < width; ++column) {
          at(plane, row, column) = sample(plane, row, column);
        }
      }
    }
  }

  VAImage image = {};
  uint8_t* bytes = nullptr;

 private:
  VADisplay display_;
};

VAStatus put(const Client& client, const MappedImage& from) {
  return vaPutImage(client.display, client.input, from.image.image_id, 0, 0, width, height, 0, 0,
                    width, height);
}

/// Coded from what vaPutImage brought in.
std::vector<uint8_t> coded_by(const std::string& knobs) {
  const Display display(knobs);
  Client client(display, {.width = width, .height = height});
  const MappedImage image(display);
  image.paint();
  EXPECT_EQ(put(client, image), VA_STATUS_SUCCESS);
  return client.encode(true, 20);
}

/// What the first export of the input says, and its bytes.
struct Exported {
  VADRMPRIMESurfaceDescriptor descriptor = {};
  std::vector<uint8_t> bytes;
};

Exported export_input(const Client& client) {
  Exported out;
  EXPECT_EQ(
      vaExportSurfaceHandle(client.display, client.input, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2,
                            VA_EXPORT_SURFACE_READ_ONLY, &out.descriptor),
      VA_STATUS_SUCCESS);
  const size_t size = out.descriptor.objects[0].size;
  const int fd = out.descriptor.objects[0].fd;
  void* const mapped = mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  EXPECT_NE(mapped, MAP_FAILED);
  out.bytes.assign(static_cast<uint8_t*>(mapped), static_cast<uint8_t*>(mapped) + size);
  munmap(mapped, size);
  close(fd);
  return out;
}

TEST(OwnLayout, holds_chroma_behind_a_multiple_of_the_height_knob) {
  const Display display(std::string("height=100"));
  const Client client(display, {.width = width, .height = height});
  const Exported out = export_input(client);
  EXPECT_EQ(out.descriptor.layers[1].offset[0], 512U * 200);
  EXPECT_GE(out.bytes.size(), 512U * 300);
}

TEST(OwnLayout, is_of_the_coded_size_that_the_knob_asks_for) {
  const Display display(std::string("coded=1024x250"));
  const Client client(display, {.width = width, .height = height});
  const Exported out = export_input(client);
  EXPECT_EQ(out.descriptor.layers[0].pitch[0], 1024U);
  EXPECT_EQ(out.descriptor.layers[1].offset[0], 1024U * 256);
}

TEST(OwnLayout, tiled_is_said_by_exports_and_never_derived) {
  const Display display(std::string("own-layout=tiled"));
  const Client client(display, {.width = width, .height = height});
  EXPECT_EQ(export_input(client).descriptor.objects[0].drm_format_modifier, y_tiled);
  VAImage image = {};
  EXPECT_EQ(vaDeriveImage(client.display, client.input, &image), VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_NE(display.messages().find("tiled"), std::string::npos);
}

TEST(OwnLayout, tiled_really_lies_in_tiles_of_128_bytes_by_32_rows) {
  const Display display(std::string("own-layout=tiled"));
  const Client client(display, {.width = width, .height = height});
  const MappedImage image(display);
  image.paint();
  ASSERT_EQ(put(client, image), VA_STATUS_SUCCESS);
  const Exported out = export_input(client);
  const uint32_t pitch = out.descriptor.layers[0].pitch[0];
  ASSERT_EQ(pitch, 512U);
  const uint32_t chroma = out.descriptor.layers[1].offset[0];
  EXPECT_EQ(out.bytes[0], sample(0, 0, 0));
  EXPECT_EQ(out.bytes[16], sample(0, 1, 0)) << "rows follow each other in columns of 16 bytes";
  EXPECT_EQ(out.bytes[16 * 32], sample(0, 0, 16));
  EXPECT_EQ(out.bytes[128 * 32], sample(0, 0, 128)) << "the next tile";
  EXPECT_EQ(out.bytes[32 * pitch], sample(0, 32, 0)) << "the next row of tiles";
  EXPECT_EQ(out.bytes[chroma + 32 * pitch + 128 * 32 + 16 * 3 + 5], sample(1, 35, 133));
}

TEST(OwnLayout, tiled_is_put_and_got_through_the_tiles) {
  const Display display(std::string("own-layout=tiled"));
  const Client client(display, {.width = width, .height = height});
  const MappedImage image(display);
  image.paint();
  ASSERT_EQ(put(client, image), VA_STATUS_SUCCESS);
  const MappedImage part(display);
  ASSERT_EQ(vaGetImage(client.display, client.input, 122, 54, 200, 128, part.image.image_id),
            VA_STATUS_SUCCESS);
  for (const auto& [row, column] : {std::pair{0U, 0U}, {127U, 199U}, {63U, 7U}}) {
    EXPECT_EQ(part.at(0, row, column), sample(0, 54 + row, 122 + column));
    EXPECT_EQ(part.at(1, row / 2, column), sample(1, 27 + row / 2, 122 + column));
  }
}

TEST(OwnLayout, changes_nothing_in_what_is_coded) {
  const std::vector<uint8_t> plain = coded_by("");
  for (const char* knobs : {"own-layout=tiled", "own-layout=lying", "height=96", "coded=512x512"}) {
    EXPECT_EQ(coded_by(knobs), plain) << knobs;
  }
}

TEST(OwnLayout, lying_is_exported_and_derived_as_if_it_were_linear) {
  const Display display(std::string("own-layout=lying"));
  const Client client(display, {.width = width, .height = height});
  EXPECT_EQ(export_input(client).descriptor.objects[0].drm_format_modifier, 0U);
  VAImage image = {};
  ASSERT_EQ(vaDeriveImage(client.display, client.input, &image), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_SUCCESS);
}

/// The status of importing NV12 with so many luma rows of 512 bytes.
VAStatus import_rows(const Display& display, uint32_t rows) {
  const int fd = memfd_create("rows", MFD_CLOEXEC);
  EXPECT_EQ(ftruncate(fd, off_t{512} * 1024), 0);
  VADRMPRIMESurfaceDescriptor descriptor = {};
  descriptor.fourcc = VA_FOURCC_NV12;
  descriptor.width = width;
  descriptor.height = height;
  descriptor.num_objects = 1;
  descriptor.objects[0] = {.fd = fd, .size = 512 * 1024, .drm_format_modifier = 0};
  descriptor.num_layers = 1;
  descriptor.layers[0].num_planes = 2;
  descriptor.layers[0].pitch[0] = descriptor.layers[0].pitch[1] = 512;
  descriptor.layers[0].offset[1] = 512 * rows;
  std::array<VASurfaceAttrib, 2> attributes = {};
  attributes[0].type = VASurfaceAttribMemoryType;
  attributes[0].flags = attributes[1].flags = VA_SURFACE_ATTRIB_SETTABLE;
  attributes[0].value.value.i = VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2;
  attributes[1].type = VASurfaceAttribExternalBufferDescriptor;
  attributes[1].value.value.p = &descriptor;
  VASurfaceID surface = VA_INVALID_ID;
  const VAStatus status = vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, width, height,
                                           &surface, 1, attributes.data(), 2);
  close(fd);
  if (status == VA_STATUS_SUCCESS) vaDestroySurfaces(display.get(), &surface, 1);
  return status;
}

TEST(ImportedLayout, agrees_with_the_height_knob_or_is_refused) {
  const Display display(std::string("height=100"));
  EXPECT_EQ(import_rows(display, 200), VA_STATUS_SUCCESS);
  EXPECT_EQ(import_rows(display, 192), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_NE(display.messages().find("row 192, which is not a multiple of 100"), std::string::npos);
  EXPECT_EQ(import_rows(Display(), 192), VA_STATUS_SUCCESS);
}

TEST(ImportedLayout, holds_the_coded_size_or_is_refused) {
  const Display tall(std::string("coded=64x256"));
  EXPECT_EQ(import_rows(tall, 256), VA_STATUS_SUCCESS);
  EXPECT_EQ(import_rows(tall, 192), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_NE(tall.messages().find("192 luma rows, the coded height is 256"), std::string::npos);
  const Display wide(std::string("coded=600x16"));
  EXPECT_EQ(import_rows(wide, 256), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_NE(wide.messages().find("less than the width 600"), std::string::npos);
}

}  // namespace
}  // namespace millrace::softva_test
