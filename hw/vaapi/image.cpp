// SPDX-License-Identifier: MIT
#include "hw/vaapi/image.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

/// Under the display's lock.
Result<VAImageFormat> find_nv12_format(const Display& display) {
  std::vector<VAImageFormat> formats(
      static_cast<size_t>(std::max(vaMaxNumImageFormats(display.va()), 0)));
  int count = 0;
  MILLRACE_TRY(
      check(vaQueryImageFormats(display.va(), formats.data(), &count), "vaQueryImageFormats"));
  for (size_t i = 0; i < formats.size() && i < static_cast<size_t>(count); ++i) {
    if (formats[i].fourcc == VA_FOURCC_NV12) return formats[i];
  }
  return fail(ErrorKind::unavailable, "put frames into surfaces: the driver has no NV12 images",
              "choose a source whose memory the driver imports");
}

/// Rows between the planes, and from the last plane to the end.
Layout layout_of(const VAImage& image) {
  Layout layout{.format = PixelFormat::nv12,
                .coded_width = image.width,
                .coded_height = image.height,
                .size = image.data_size};
  const uint32_t starts[] = {image.offsets[0], image.offsets[1], image.data_size};
  for (size_t index = 0; index < 2; ++index) {
    const uint32_t stride = image.pitches[index];
    const uint32_t bytes =
        starts[index + 1] > starts[index] ? starts[index + 1] - starts[index] : 0;
    layout.plane[index] = {starts[index], stride, stride == 0 ? 0 : bytes / stride};
  }
  return layout;
}

}  // namespace

Result<Image> Image::create(const SharedDisplay& display, SurfaceSize size) {
  Image made(display);
  {
    const Lock lock(display->mutex());
    VAImageFormat format = MILLRACE_TRY(find_nv12_format(*display));
    MILLRACE_TRY(made.check_made(vaCreateImage(display->va(), &format, static_cast<int>(size.width),
                                               static_cast<int>(size.height), &made.image_),
                                 "vaCreateImage"));
  }
  MILLRACE_TRY(made.check_whole("vaCreateImage", size));
  return made;
}

Result<Image> Image::derive(const SharedDisplay& display, VASurfaceID surface, SurfaceSize size) {
  Image made(display);
  {
    const Lock lock(display->mutex());
    MILLRACE_TRY(
        made.check_made(vaDeriveImage(display->va(), surface, &made.image_), "vaDeriveImage"));
  }
  MILLRACE_TRY(made.check_whole("vaDeriveImage", size));
  return made;
}

Result<> Image::check_made(VAStatus status, const char* call) {
  // What a driver leaves there when it fails is no image.
  if (status != VA_STATUS_SUCCESS) image_.image_id = VA_INVALID_ID;
  return check(status, call);
}

Result<> Image::check_whole(const char* call, SurfaceSize size) {
  const std::string act(call);
  if (image_.image_id == VA_INVALID_ID) {
    return fail(ErrorKind::internal, act + ": the driver reports success but gives no image",
                "update the VA driver");
  }
  if (image_.format.fourcc != VA_FOURCC_NV12 || image_.num_planes != 2) {
    return fail(ErrorKind::unavailable, act + ": the image is not NV12");
  }
  layout_ = layout_of(image_);
  if (image_.width < size.width || image_.height < size.height) {
    return fail(ErrorKind::unavailable, act + ": the image cannot hold the frame");
  }
  return check_layout(layout_, size.width, size.height, layout_.size);
}

Image::~Image() {
  if (image_.image_id == VA_INVALID_ID) return;
  static_cast<void>(unmap());
  const Lock lock(display_->mutex());
  vaDestroyImage(display_->va(), image_.image_id);
}

void Image::swap(Image& other) noexcept {
  std::swap(display_, other.display_);
  std::swap(image_, other.image_);
  std::swap(layout_, other.layout_);
  std::swap(mapped_, other.mapped_);
}

Result<std::span<std::byte>> Image::map() {
  const Lock lock(display_->mutex());
  void* start = nullptr;
  MILLRACE_TRY(check(vaMapBuffer(display_->va(), image_.buf, &start), "map a VA image"));
  mapped_ = true;
  if (start) return std::span(static_cast<std::byte*>(start), image_.data_size);
  return fail(ErrorKind::internal, "map a VA image: the driver reports success but gives nothing",
              "update the VA driver");
}

Result<> Image::unmap() {
  if (!std::exchange(mapped_, false)) return {};
  const Lock lock(display_->mutex());
  return check(vaUnmapBuffer(display_->va(), image_.buf), "unmap a VA image");
}

}  // namespace millrace::vaapi
