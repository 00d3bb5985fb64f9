// SPDX-License-Identifier: MIT
#include "hw/softva/image.h"

#include <string>
#include <utility>

#include "hw/softva/refusal.h"
#include "hw/softva/tiling.h"

namespace millrace::softva {
namespace {

VAImage describe(Size size, const Layout& layout) {
  VAImage image = {};
  image.image_id = VA_INVALID_ID;
  image.buf = VA_INVALID_ID;
  image.format = nv12_image_format();
  image.width = static_cast<uint16_t>(size.width);
  image.height = static_cast<uint16_t>(size.height);
  image.data_size = static_cast<uint32_t>(layout.bytes);
  image.num_planes = 2;
  image.pitches[0] = image.pitches[1] = static_cast<uint32_t>(layout.pitch);
  image.offsets[1] = static_cast<uint32_t>(layout.chroma_offset);
  return image;
}

/// VAImage holds sizes in 16 bits and offsets in 32.
bool fits(Size size, const Layout& layout) {
  return size.width <= UINT16_MAX && size.height <= UINT16_MAX && layout.bytes <= UINT32_MAX;
}

bool is_inside(const Region& region, Size size) {
  return region.x >= 0 && region.y >= 0 && region.x % 2 == 0 && region.y % 2 == 0 &&
         static_cast<uint64_t>(region.x) + region.width <= size.width &&
         static_cast<uint64_t>(region.y) + region.height <= size.height;
}

Size size_of(const Image& image) {
  return {image.description.width, image.description.height};
}

/// One plane of an image as a linear plane.
Plane plane_of(const Image& image, int plane) {
  return {nullptr, image.description.offsets[plane], image.description.pitches[plane]};
}

/// Calls `copy(row of the region, its bytes)` for each row of the region in a plane.
template <class Copy>
void for_each_row(const Region& region, int plane, Copy&& copy) {
  const Size size = {region.width, region.height};
  for (size_t row = 0; row < row_count(size, plane); ++row) copy(row, row_bytes(size, plane));
}

/// Another process may shorten an imported file at any time: what can be seen is refused.
Result<> check_whole(const FrameMemory& memory, const char* act) {
  if (memory.is_whole()) return {};
  return refuse(VA_STATUS_ERROR_OPERATION_FAILED,
                std::string(act) + ": the imported file was made shorter");
}

}  // namespace

VAImageFormat nv12_image_format() {
  VAImageFormat format = {};
  format.fourcc = VA_FOURCC_NV12;
  format.byte_order = VA_LSB_FIRST;
  format.bits_per_pixel = 12;
  return format;
}

Result<std::shared_ptr<Image>> create_image(Size size) {
  constexpr size_t cache_line = 64;
  const Layout layout = MILLRACE_TRY(plan_layout(size, {.pitch_step = cache_line}));
  if (!fits(size, layout)) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  auto memory = MILLRACE_TRY(FrameMemory::allocate(layout.bytes));
  auto image = std::make_shared<Image>();
  image->description = describe(size, layout);
  image->buffer = std::make_shared<ImageBuffer>(std::move(memory), nullptr,
                                                static_cast<uint32_t>(layout.bytes));
  return image;
}

Result<std::shared_ptr<Image>> derive_image(std::shared_ptr<Surface> surface) {
  if (!surface->has_one_object())
    return refuse(VA_STATUS_ERROR_OPERATION_FAILED,
                  "derive an image: the surface's planes are in two objects");
  const Plane& luma = surface->plane(0);
  MILLRACE_TRY(check_whole(*luma.memory, "derive an image"));
  const Layout layout = {luma.pitch, surface->plane(1).offset, luma.memory->size()};
  if (!fits(surface->size(), layout) || luma.offset > UINT32_MAX)
    return refuse(VA_STATUS_ERROR_OPERATION_FAILED,
                  "derive an image: the surface is too large for one");
  auto image = std::make_shared<Image>();
  image->description = describe(surface->size(), layout);
  image->description.offsets[0] = static_cast<uint32_t>(luma.offset);
  image->buffer = std::make_shared<ImageBuffer>(luma.memory, std::move(surface),
                                                static_cast<uint32_t>(layout.bytes));
  return image;
}

Result<> read_surface(const Surface& surface, const Region& from, const Image& image) {
  if (!is_inside(from, surface.size()) ||
      !is_inside({0, 0, from.width, from.height}, size_of(image)))
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
  surface.pending.wait();
  MILLRACE_TRY(check_whole(image.buffer->memory(), "read a surface"));
  uint8_t* const bytes = MILLRACE_TRY(image.buffer->memory().writable());
  for (int plane = 0; plane < 2; ++plane) {
    const Plane& source = surface.plane(plane);
    MILLRACE_TRY(check_whole(*source.memory, "read a surface"));
    const CpuAccess access(*source.memory, CpuAccess::Kind::read);
    const Plane to = plane_of(image, plane);
    const size_t top = static_cast<size_t>(from.y) / (plane == 0 ? 1 : 2);
    for_each_row(from, plane, [&](size_t row, size_t length) {
      read_row(source, top + row, static_cast<size_t>(from.x),
               {bytes + to.offset + row * to.pitch, length});
    });
  }
  return {};
}

Result<> write_surface(Surface& surface, const Image& image, const Region& from, int x, int y) {
  const Region target = {x, y, from.width, from.height};
  if (!is_inside(from, size_of(image)) || !is_inside(target, surface.size()))
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
  surface.pending.wait();
  MILLRACE_TRY(check_whole(image.buffer->memory(), "write a surface"));
  for (int plane = 0; plane < 2; ++plane) {
    const Plane& sink = surface.plane(plane);
    MILLRACE_TRY(check_whole(*sink.memory, "write a surface"));
    uint8_t* const bytes = MILLRACE_TRY(sink.memory->writable());
    const CpuAccess access(*sink.memory, CpuAccess::Kind::write);
    const Plane source = plane_of(image, plane);
    const size_t step = plane == 0 ? 1 : 2;
    const uint8_t* const first = image.buffer->memory().data() + source.offset +
                                 static_cast<size_t>(from.y) / step * source.pitch +
                                 static_cast<size_t>(from.x);
    for_each_row(from, plane, [&](size_t row, size_t length) {
      write_row(bytes, sink, static_cast<size_t>(y) / step + row, static_cast<size_t>(x),
                {first + row * source.pitch, length});
    });
  }
  surface.was_put = true;
  return {};
}

}  // namespace millrace::softva
