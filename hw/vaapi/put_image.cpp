// SPDX-License-Identifier: MIT
#include "hw/vaapi/put_image.h"

#include <span>
#include <string>
#include <utility>

#include "engine/memory/copy.h"
#include "engine/memory/frame_view.h"
#include "hw/vaapi/mapped_file.h"
#include "hw/vaapi/marks.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

Result<> put_image(const Display& display, const Surface& surface, const Image& image,
                   SurfaceSize size) {
  const Lock lock(display.mutex());
  return check(vaPutImage(display.va(), surface.id(), image.id(), 0, 0, size.width, size.height, 0,
                          0, size.width, size.height),
               "vaPutImage");
}

Result<ReadBack> put_once(const SharedDisplay& display, SurfaceSize size) {
  Image image = MILLRACE_TRY(Image::create(display, size));
  const Surface surface = MILLRACE_TRY(create_own_surface(display, size));
  const Marks marks(size);
  const std::span<std::byte> bytes = MILLRACE_TRY(image.map());
  MILLRACE_TRY(check_mapped(bytes, Access::write));
  MILLRACE_TRY(marks.write(bytes, image.layout()));
  MILLRACE_TRY(image.unmap());
  MILLRACE_TRY(put_image(*display, surface, image, size));
  return marks.read_back(display, surface);
}

}  // namespace

ImageUpload::ImageUpload(SharedDisplay display, SurfaceSize size)
    : display_(std::move(display)), size_(size) {}

Result<std::unique_ptr<ImageUpload>> ImageUpload::create(SharedDisplay display, SurfaceSize size) {
  std::unique_ptr<ImageUpload> upload(new ImageUpload(std::move(display), size));
  for (Surface& surface : upload->surfaces_) {
    surface = MILLRACE_TRY(create_own_surface(upload->display_, size));
  }
  upload->image_ = MILLRACE_TRY(Image::create(upload->display_, size));
  return upload;
}

Result<> ImageUpload::copy_into_image(const Buffer& frame, observe::Ledger::Account& account) {
  if (!frame.video() || frame.video()->layout.format != PixelFormat::nv12) {
    return fail(ErrorKind::internal, "put a frame into a surface: it is not NV12");
  }
  const FrameReadView view =
      MILLRACE_TRY(FrameReadView::create(frame, millrace::Access::within(device_patience)));
  const std::span<std::byte> mapped = MILLRACE_TRY(image_.map());
  const VideoMeta video{
      .width = frame.video()->width, .height = frame.video()->height, .layout = image_.layout()};
  const Result<WritePlanes> to = planes_of(mapped, video);
  if (to) copy_planes(PixelFormat::nv12, view.planes(), *to, account);
  const Result<> unmapped = image_.unmap();
  if (!to) return fail(to.error());
  return unmapped;
}

Result<VASurfaceID> ImageUpload::put(const Buffer& frame, observe::Ledger::Account& account) {
  MILLRACE_TRY(copy_into_image(frame, account));
  const Surface& surface = surfaces_[next_];
  next_ = (next_ + 1) % surfaces_.size();
  MILLRACE_TRY(put_image(*display_, surface, image_, size_));
  return surface.id();
}

UploadTrial try_upload(const SharedDisplay& display, SurfaceSize size) {
  const std::string act = "trial of vaPutImage of " + std::to_string(size.width) + "x" +
                          std::to_string(size.height) + " NV12: ";
  const Result<ReadBack> put = put_once(display, size);
  static_cast<void>(display->take_driver_words());  // the status says it
  const std::string answer = !put                    ? put.error().what
                             : put->obstacle.empty() ? "accepted, and read back by vaGetImage"
                                                     : "accepted, not read back: " + put->obstacle;
  return {put.has_value(), {{}, {}, Origin::learned, act + answer, true}};
}

}  // namespace millrace::vaapi
