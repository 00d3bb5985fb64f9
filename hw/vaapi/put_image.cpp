// SPDX-License-Identifier: MIT
#include "hw/vaapi/put_image.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/memory/copy.h"
#include "engine/memory/frame_view.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

Result<VAImageFormat> find_nv12_image(const Display& display) {
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

/// Where the planes of `frame` go in a mapped image.
Result<WritePlanes> planes_of_image(const VAImage& image, void* mapped, const VideoMeta& frame) {
  VideoMeta video{.width = frame.width, .height = frame.height};
  video.layout.format = PixelFormat::nv12;
  video.layout.coded_width = image.width;
  video.layout.coded_height = image.height;
  for (size_t i = 0; i < 2; ++i) {
    const uint64_t rows = i == 0 ? image.height : image.height / 2U;
    video.layout.plane[i] = {.offset = image.offsets[i], .stride = image.pitches[i], .rows = rows};
  }
  video.layout.size = image.data_size;
  return planes_of(std::span(static_cast<std::byte*>(mapped), image.data_size), video);
}

}  // namespace

ImageUpload::ImageUpload(SharedDisplay display, SurfaceSize size)
    : display_(std::move(display)), size_(size) {
  image_.image_id = VA_INVALID_ID;
}

ImageUpload::~ImageUpload() {
  if (image_.image_id == VA_INVALID_ID) return;
  const Lock lock(display_->mutex());
  vaDestroyImage(display_->va(), image_.image_id);
}

Result<std::unique_ptr<ImageUpload>> ImageUpload::create(SharedDisplay display, SurfaceSize size) {
  std::unique_ptr<ImageUpload> upload(new ImageUpload(std::move(display), size));
  MILLRACE_TRY(upload->allocate());
  return upload;
}

Result<> ImageUpload::allocate() {
  for (Surface& surface : surfaces_) surface = MILLRACE_TRY(create_own_surface(display_, size_));
  const Lock lock(display_->mutex());
  VAImageFormat format = MILLRACE_TRY(find_nv12_image(*display_));
  MILLRACE_TRY(check(vaCreateImage(display_->va(), &format, static_cast<int>(size_.width),
                                   static_cast<int>(size_.height), &image_),
                     "vaCreateImage"));
  const bool is_whole = image_.image_id != VA_INVALID_ID && image_.num_planes == 2 &&
                        image_.width >= size_.width && image_.height >= size_.height;
  if (is_whole) return {};
  return fail(ErrorKind::internal, "vaCreateImage: the driver's NV12 image cannot hold the frame");
}

Result<> ImageUpload::copy_into_image(const Buffer& frame, observe::Ledger::Account& account) {
  if (!frame.video || frame.video->layout.format != PixelFormat::nv12) {
    return fail(ErrorKind::internal, "put a frame into a surface: it is not NV12");
  }
  const FrameReadView view = MILLRACE_TRY(FrameReadView::create(frame));
  void* const mapped = MILLRACE_TRY(map_image());
  const Result<WritePlanes> to = planes_of_image(image_, mapped, *frame.video);
  if (to) copy_planes(PixelFormat::nv12, view.planes(), *to, account);
  {
    const Lock lock(display_->mutex());
    vaUnmapBuffer(display_->va(), image_.buf);
  }
  if (!to) return fail(to.error());
  return {};
}

Result<void*> ImageUpload::map_image() {
  const Lock lock(display_->mutex());
  void* mapped = nullptr;
  MILLRACE_TRY(check(vaMapBuffer(display_->va(), image_.buf, &mapped), "map a VA image"));
  return mapped;
}

Result<VASurfaceID> ImageUpload::put(const Buffer& frame, observe::Ledger::Account& account) {
  MILLRACE_TRY(copy_into_image(frame, account));
  const Surface& surface = surfaces_[next_];
  next_ = (next_ + 1) % surfaces_.size();
  const Lock lock(display_->mutex());
  MILLRACE_TRY(check(vaPutImage(display_->va(), surface.id(), image_.image_id, 0, 0, size_.width,
                                size_.height, 0, 0, size_.width, size_.height),
                     "vaPutImage"));
  return surface.id();
}

}  // namespace millrace::vaapi
