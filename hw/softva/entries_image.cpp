// SPDX-License-Identifier: MIT
#include "hw/softva/driver.h"
#include "hw/softva/entries.h"
#include "hw/softva/image.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

VAStatus query_formats(VADriverContextP context, VAImageFormat* formats, int* count) {
  return enter(context, [&](Driver&) -> Result<> {
    formats[0] = nv12_image_format();
    *count = 1;
    return {};
  });
}

/// Gives the image and its buffer their ids, and the client its description.
void add_image(Driver& driver, std::shared_ptr<Image> made, VAImage* image) {
  made->description.buf = driver.objects.buffers.add(made->buffer);
  VAImage& description = made->description;
  *image = description;
  image->image_id = driver.objects.images.add(std::move(made));
}

VAStatus create(VADriverContextP context, VAImageFormat* format, int width, int height,
                VAImage* image) {
  return enter(context, [&](Driver& driver) -> Result<> {
    image->image_id = VA_INVALID_ID;
    image->buf = VA_INVALID_ID;
    if (format == nullptr || width <= 0 || height <= 0)
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    if (!driver.knobs.images) return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
    if (format->fourcc != VA_FOURCC_NV12) return refuse(VA_STATUS_ERROR_INVALID_IMAGE_FORMAT);
    const Size size = {static_cast<uint32_t>(width), static_cast<uint32_t>(height)};
    add_image(driver, MILLRACE_TRY(create_image(size)), image);
    return {};
  });
}

VAStatus derive(VADriverContextP context, VASurfaceID id, VAImage* image) {
  return enter(context, [&](Driver& driver) -> Result<> {
    image->image_id = VA_INVALID_ID;
    image->buf = VA_INVALID_ID;
    auto surface = driver.objects.surfaces.find(id);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    if (!driver.knobs.derive) return refuse(VA_STATUS_ERROR_OPERATION_FAILED);
    if (surface->is_tiled() && driver.knobs.own_layout != Knobs::OwnLayout::lying)
      return refuse(VA_STATUS_ERROR_OPERATION_FAILED, "derive an image: the surface is tiled");
    add_image(driver, MILLRACE_TRY(derive_image(std::move(surface))), image);
    return {};
  });
}

VAStatus destroy(VADriverContextP context, VAImageID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto image = driver.objects.images.remove(id);
    if (!image) return refuse(VA_STATUS_ERROR_INVALID_IMAGE);
    driver.objects.buffers.remove(image->description.buf);
    return {};
  });
}

VAStatus set_palette(VADriverContextP context, VAImageID id, unsigned char*) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (!driver.objects.images.find(id)) return refuse(VA_STATUS_ERROR_INVALID_IMAGE);
    return refuse(VA_STATUS_ERROR_UNIMPLEMENTED);
  });
}

VAStatus get(VADriverContextP context, VASurfaceID surface_id, int x, int y, unsigned int width,
             unsigned int height, VAImageID image_id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto surface = driver.objects.surfaces.find(surface_id);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    const auto image = driver.objects.images.find(image_id);
    if (!image) return refuse(VA_STATUS_ERROR_INVALID_IMAGE);
    return read_surface(*surface, {x, y, width, height}, *image);
  });
}

VAStatus put(VADriverContextP context, VASurfaceID surface_id, VAImageID image_id, int source_x,
             int source_y, unsigned int source_width, unsigned int source_height, int x, int y,
             unsigned int width, unsigned int height) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto surface = driver.objects.surfaces.find(surface_id);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    const auto image = driver.objects.images.find(image_id);
    if (!image) return refuse(VA_STATUS_ERROR_INVALID_IMAGE);
    if (width != source_width || height != source_height)
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "put an image: it cannot be scaled");
    return write_surface(*surface, *image, {source_x, source_y, source_width, source_height}, x, y);
  });
}

VAStatus query_subpictures(VADriverContextP, VAImageFormat*, unsigned int*, unsigned int* count) {
  if (count != nullptr) *count = 0;
  return VA_STATUS_SUCCESS;
}

VAStatus query_display_attributes(VADriverContextP, VADisplayAttribute*, int* count) {
  if (count != nullptr) *count = 0;
  return VA_STATUS_SUCCESS;
}

}  // namespace

void add_image_entries(VADriverVTable& table) {
  table.vaQueryImageFormats = query_formats;
  table.vaCreateImage = create;
  table.vaDeriveImage = derive;
  table.vaDestroyImage = destroy;
  table.vaSetImagePalette = set_palette;
  table.vaGetImage = get;
  table.vaPutImage = put;
  table.vaQuerySubpictureFormats = query_subpictures;
  table.vaQueryDisplayAttributes = query_display_attributes;
}

}  // namespace millrace::softva
