// SPDX-License-Identifier: MIT
// Importing a client's memory: every form that is taken, and every lie that is not.
#include <functional>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <va/va_drmcommon.h>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/decoder.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

constexpr uint32_t width = 64;
constexpr uint32_t height = 64;
constexpr uint32_t pitch = 256;
constexpr uint32_t luma_bytes = pitch * height;
constexpr uint32_t object_bytes = luma_bytes * 3 / 2;
constexpr uint32_t prime_3 = 0x08000000;
constexpr uint64_t implicit_modifier = 0x00FFFFFFFFFFFFFF;

/// A memfd as a capture source might have it.
class Producer {
 public:
  explicit Producer(uint32_t bytes = object_bytes) : fd_(memfd_create("producer", MFD_CLOEXEC)) {
    EXPECT_EQ(ftruncate(fd_, bytes), 0);
  }

  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  ~Producer() { close(fd_); }

  [[nodiscard]] int fd() const { return fd_; }

  void paint(uint8_t luma) const {
    std::vector<uint8_t> bytes(object_bytes, 128);
    std::fill(bytes.begin(), bytes.begin() + luma_bytes, luma);
    EXPECT_EQ(pwrite(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }

 private:
  int fd_;
};

VADRMPRIMESurfaceDescriptor composed(const Producer& producer) {
  VADRMPRIMESurfaceDescriptor descriptor = {};
  descriptor.fourcc = VA_FOURCC_NV12;
  descriptor.width = width;
  descriptor.height = height;
  descriptor.num_objects = 1;
  descriptor.objects[0].fd = producer.fd();
  descriptor.objects[0].size = object_bytes;
  descriptor.num_layers = 1;
  descriptor.layers[0].drm_format = VA_FOURCC_NV12;
  descriptor.layers[0].num_planes = 2;
  descriptor.layers[0].pitch[0] = descriptor.layers[0].pitch[1] = pitch;
  descriptor.layers[0].offset[1] = luma_bytes;
  return descriptor;
}

VADRMPRIMESurfaceDescriptor separate(const Producer& producer) {
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  descriptor.num_layers = 2;
  descriptor.layers[0].num_planes = 1;
  descriptor.layers[1].num_planes = 1;
  descriptor.layers[1].pitch[0] = pitch;
  descriptor.layers[1].offset[0] = luma_bytes;
  return descriptor;
}

struct Imported {
  VAStatus status = VA_STATUS_SUCCESS;
  VASurfaceID surface = VA_INVALID_ID;
};

Imported import(const Display& display, void* descriptor,
                uint32_t type = VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2) {
  VASurfaceAttrib attributes[2] = {};
  attributes[0].type = VASurfaceAttribMemoryType;
  attributes[0].flags = attributes[1].flags = VA_SURFACE_ATTRIB_SETTABLE;
  attributes[0].value.type = VAGenericValueTypeInteger;
  attributes[0].value.value.i = static_cast<int>(type);
  attributes[1].type = VASurfaceAttribExternalBufferDescriptor;
  attributes[1].value.type = VAGenericValueTypePointer;
  attributes[1].value.value.p = descriptor;
  Imported result;
  result.status = vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, width, height,
                                   &result.surface, 1, attributes, 2);
  return result;
}

/// Encodes the imported surface and gives the average luma of what a decoder sees.
int seen_luma(const Display& display, VASurfaceID surface) {
  Client client(display, {.width = width, .height = height});
  std::swap(client.input, surface);
  const Decoded decoded = decode({client.encode(true, 20)});
  std::swap(client.input, surface);
  if (decoded.pictures.size() != 1) return -1;
  int64_t sum = 0;
  for (const uint8_t value : decoded.pictures[0].luma) sum += value;
  return static_cast<int>(sum / static_cast<int64_t>(decoded.pictures[0].luma.size()));
}

void expect_shared(const Display& display, const Producer& producer, Imported imported) {
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS) << display.messages();
  producer.paint(50);
  EXPECT_NEAR(seen_luma(display, imported.surface), 50, 2);
  producer.paint(200);
  EXPECT_NEAR(seen_luma(display, imported.surface), 200, 2);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(Import, shares_one_composed_layer) {
  const Display display;
  const Producer producer;
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  expect_shared(display, producer, import(display, &descriptor));
}

TEST(Import, shares_two_separate_layers) {
  const Display display;
  const Producer producer;
  VADRMPRIMESurfaceDescriptor descriptor = separate(producer);
  expect_shared(display, producer, import(display, &descriptor));
}

TEST(Import, takes_the_newest_descriptor_and_an_implicit_modifier) {
  const Display display;
  const Producer producer;

  struct {
    VADRMPRIMESurfaceDescriptor like_prime_2;
    uint32_t flags = 0;
    uint32_t reserved[8] = {};
  } descriptor = {composed(producer)};

  descriptor.like_prime_2.objects[0].drm_format_modifier = implicit_modifier;
  expect_shared(display, producer, import(display, &descriptor, prime_3));
}

TEST(Import, takes_the_oldest_descriptor) {
  const Display display;
  const Producer producer;
  auto handle = static_cast<uintptr_t>(producer.fd());
  VASurfaceAttribExternalBuffers buffers = {};
  buffers.pixel_format = VA_FOURCC_NV12;
  buffers.width = width;
  buffers.height = height;
  buffers.data_size = object_bytes;
  buffers.num_planes = 2;
  buffers.pitches[0] = buffers.pitches[1] = pitch;
  buffers.offsets[1] = luma_bytes;
  buffers.buffers = &handle;
  buffers.num_buffers = 1;
  expect_shared(display, producer, import(display, &buffers, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME));
}

TEST(Import, takes_planes_in_two_objects_and_does_not_derive_an_image_of_them) {
  const Display display;
  const Producer luma;
  const Producer chroma;
  luma.paint(90);
  chroma.paint(128);
  VADRMPRIMESurfaceDescriptor descriptor = separate(luma);
  descriptor.num_objects = 2;
  descriptor.objects[1] = descriptor.objects[0];
  descriptor.objects[1].fd = chroma.fd();
  descriptor.layers[1].object_index[0] = 1;
  descriptor.layers[1].offset[0] = 0;
  Imported imported = import(display, &descriptor);
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS);
  EXPECT_NEAR(seen_luma(display, imported.surface), 90, 2);
  VAImage image = {};
  EXPECT_EQ(vaDeriveImage(display.get(), imported.surface, &image),
            VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(image.image_id, VA_INVALID_ID);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(Import, lets_the_client_close_its_descriptor_at_once) {
  const Display display;
  Imported imported;
  {
    const Producer producer;
    producer.paint(70);
    VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
    imported = import(display, &descriptor);
  }
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS);
  EXPECT_NEAR(seen_luma(display, imported.surface), 70, 2);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(Import, of_a_read_only_descriptor_can_be_encoded_but_not_written) {
  const Display display;
  const Producer producer;
  producer.paint(110);
  const std::string path = "/proc/self/fd/" + std::to_string(producer.fd());
  const int read_only = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(read_only, 0);
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  descriptor.objects[0].fd = read_only;
  Imported imported = import(display, &descriptor);
  close(read_only);
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS);
  EXPECT_NEAR(seen_luma(display, imported.surface), 110, 2);
  VAImage image = {};
  void* mapped = nullptr;
  ASSERT_EQ(vaDeriveImage(display.get(), imported.surface, &image), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaMapBuffer(display.get(), image.buf, &mapped), VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(vaDestroyImage(display.get(), image.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

struct Lie {
  const char* name;
  std::function<void(VADRMPRIMESurfaceDescriptor&)> tell;
  const char* message;
};

TEST(Import, refuses_every_lie_with_numbers_and_works_afterwards) {
  const Display display;
  const Producer producer;
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const int closed = dup(producer.fd());
  close(closed);
  const std::vector<Lie> lies = {
      {"no object", [](auto& d) { d.num_objects = 0; }, "0 objects"},
      {"five objects", [](auto& d) { d.num_objects = 5; }, "5 objects"},
      {"no layer", [](auto& d) { d.num_layers = 0; }, "layers"},
      {"four layers", [](auto& d) { d.num_layers = 4; }, "layers"},
      {"object index", [](auto& d) { d.layers[0].object_index[1] = 3; }, "object 3 of 1"},
      {"offset too far", [](auto& d) { d.layers[0].offset[1] = pitch * 65; }, "bytes, the planes"},
      {"offset at the end", [](auto& d) { d.layers[0].offset[1] = 0xFFFFFF00; },
       "bytes, the planes"},
      {"fd -1", [](auto& d) { d.objects[0].fd = -1; }, "import fd -1"},
      {"a pipe", [&](auto& d) { d.objects[0].fd = ends[0]; }, "neither a dma-buf nor a memfd"},
      {"a closed fd", [&](auto& d) { d.objects[0].fd = closed; }, "import fd"},
      {"pitch below width", [](auto& d) { d.layers[0].pitch[0] = d.layers[0].pitch[1] = 32; },
       "pitch 32"},
      {"pitch of 322", [](auto& d) { d.layers[0].pitch[0] = d.layers[0].pitch[1] = 322; },
       "pitch 322 is not a multiple of 256"},
      {"two pitches", [](auto& d) { d.layers[0].pitch[1] = 512; }, "chroma has pitch 512"},
      {"half a row", [](auto& d) { d.layers[0].offset[1] += 128; }, "does not begin on a row"},
      {"width", [](auto& d) { d.width = 128; }, "128x64"},
      {"height", [](auto& d) { d.height = 32; }, "64x32"},
      {"format", [](auto& d) { d.fourcc = VA_FOURCC_YUY2; }, "NV12"},
      {"tiled", [](auto& d) { d.objects[0].drm_format_modifier = 0x0100000000000001; }, "tiled"},
  };
  for (const Lie& lie : lies) {
    SCOPED_TRACE(lie.name);
    VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
    lie.tell(descriptor);
    const std::string before = display.messages();
    const Imported refused = import(display, &descriptor);
    EXPECT_EQ(refused.status, VA_STATUS_ERROR_INVALID_PARAMETER);
    EXPECT_EQ(refused.surface, VA_INVALID_ID);
    EXPECT_NE(display.messages().substr(before.size()).find(lie.message), std::string::npos)
        << display.messages().substr(before.size());
  }
  close(ends[0]);
  close(ends[1]);
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  expect_shared(display, producer, import(display, &descriptor));
}

TEST(Import, believes_the_file_and_not_the_size_that_is_claimed) {
  const Display display;
  const Producer producer(object_bytes - 4096);
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  descriptor.objects[0].size = 0xFFFFFFFF;
  EXPECT_EQ(import(display, &descriptor).status, VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST(Import, of_a_file_that_was_made_shorter_fails_in_the_encoder_and_not_by_a_signal) {
  const Display display;
  const Producer producer;
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  Imported imported = import(display, &descriptor);
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS);
  ASSERT_EQ(ftruncate(producer.fd(), 100), 0);
  Client client(display, {.width = width, .height = height});
  std::swap(client.input, imported.surface);
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.take().status, VA_STATUS_ERROR_ENCODING_ERROR);
  EXPECT_NE(display.messages().find("made shorter"), std::string::npos);
  std::swap(client.input, imported.surface);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(Import, of_a_file_that_was_made_shorter_is_neither_read_nor_written_nor_derived) {
  const Display display;
  const Producer producer;
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  Imported imported = import(display, &descriptor);
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS);
  VAImage derived = {};
  ASSERT_EQ(vaDeriveImage(display.get(), imported.surface, &derived), VA_STATUS_SUCCESS);
  VAImageFormat format = derived.format;
  VAImage image = {};
  ASSERT_EQ(vaCreateImage(display.get(), &format, width, height, &image), VA_STATUS_SUCCESS);
  ASSERT_EQ(ftruncate(producer.fd(), 100), 0);
  EXPECT_EQ(vaGetImage(display.get(), imported.surface, 0, 0, width, height, image.image_id),
            VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(vaPutImage(display.get(), imported.surface, image.image_id, 0, 0, width, height, 0, 0,
                       width, height),
            VA_STATUS_ERROR_OPERATION_FAILED);
  Client own(display, {.width = width, .height = height});
  EXPECT_EQ(vaGetImage(display.get(), own.input, 0, 0, width, height, derived.image_id),
            VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(vaPutImage(display.get(), own.input, derived.image_id, 0, 0, width, height, 0, 0, width,
                       height),
            VA_STATUS_ERROR_OPERATION_FAILED);
  VAImage refused = {};
  EXPECT_EQ(vaDeriveImage(display.get(), imported.surface, &refused),
            VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_NE(display.messages().find("derive an image: the imported file was made shorter"),
            std::string::npos);
  EXPECT_EQ(vaDestroyImage(display.get(), image.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(display.get(), derived.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(Import, leaves_the_client_s_file_offset_alone) {
  const Display display;
  const Producer producer;
  ASSERT_EQ(lseek(producer.fd(), 123, SEEK_SET), 123);
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  Imported imported = import(display, &descriptor);
  EXPECT_EQ(lseek(producer.fd(), 0, SEEK_CUR), 123);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(Import, takes_one_surface_a_call) {
  const Display display;
  const Producer producer;
  VADRMPRIMESurfaceDescriptor descriptor = composed(producer);
  VASurfaceAttrib attributes[2] = {};
  attributes[0].type = VASurfaceAttribMemoryType;
  attributes[0].flags = attributes[1].flags = VA_SURFACE_ATTRIB_SETTABLE;
  attributes[0].value.value.i = VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2;
  attributes[1].type = VASurfaceAttribExternalBufferDescriptor;
  attributes[1].value.value.p = &descriptor;
  VASurfaceID surfaces[2] = {};
  EXPECT_EQ(vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, width, height, surfaces, 2,
                             attributes, 2),
            VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST(Import, can_be_had_from_another_display_of_the_process) {
  const Display from;
  const Display to;
  Client owner(from, {.width = width, .height = height});
  owner.paint(3);
  VADRMPRIMESurfaceDescriptor descriptor = {};
  ASSERT_EQ(vaExportSurfaceHandle(from.get(), owner.input, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2,
                                  VA_EXPORT_SURFACE_READ_WRITE | VA_EXPORT_SURFACE_SEPARATE_LAYERS,
                                  &descriptor),
            VA_STATUS_SUCCESS);
  Imported imported = import(to, &descriptor);
  close(descriptor.objects[0].fd);
  ASSERT_EQ(imported.status, VA_STATUS_SUCCESS);
  EXPECT_GT(seen_luma(to, imported.surface), 0);
  EXPECT_EQ(vaDestroySurfaces(to.get(), &imported.surface, 1), VA_STATUS_SUCCESS);
}

TEST(ImportKnobs, can_ask_for_another_stride_for_dma_bufs_or_for_nothing_at_all) {
  const Producer producer;
  VADRMPRIMESurfaceDescriptor narrow = composed(producer);
  narrow.layers[0].pitch[0] = narrow.layers[0].pitch[1] = 64;
  narrow.layers[0].offset[1] = 64 * height;
  const Display any_row(std::string("stride=64"));
  EXPECT_EQ(import(any_row, &narrow).status, VA_STATUS_SUCCESS);
  VADRMPRIMESurfaceDescriptor wide = composed(producer);
  const Display dma_bufs(std::string("import=dmabuf"));
  EXPECT_EQ(import(dma_bufs, &wide).status, VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_NE(dma_bufs.messages().find("no dma-buf"), std::string::npos);
  const Display none(std::string("import=none"));
  EXPECT_EQ(import(none, &wide).status, VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
}

}  // namespace
}  // namespace millrace::softva_test
