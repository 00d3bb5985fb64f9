// SPDX-License-Identifier: MIT
// The last rung of the memory ladder: a frame that no surface can be made of is copied into a VA
// image, once and counted, and put into a surface of the driver's own.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/buffer.h"
#include "engine/observe/ledger.h"
#include "hw/vaapi/encoder.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

/// Confined.
class MILLRACE_API ImageUpload {
 public:
  static Result<std::unique_ptr<ImageUpload>> create(SharedDisplay display, SurfaceSize size);

  ~ImageUpload();
  ImageUpload(const ImageUpload&) = delete;
  ImageUpload& operator=(const ImageUpload&) = delete;

  /// A surface with the frame in it, good until as many others were asked for as an encoder may
  /// have under way. The copy is booked in `account`.
  [[nodiscard]] Result<VASurfaceID> put(const Buffer& frame, observe::Ledger::Account& account);

 private:
  ImageUpload(SharedDisplay display, SurfaceSize size);
  Result<> allocate();
  Result<void*> map_image();
  Result<> copy_into_image(const Buffer& frame, observe::Ledger::Account& account);

  SharedDisplay display_;
  SurfaceSize size_;
  VAImage image_{};
  std::array<Surface, Encoder::depth + 1> surfaces_;
  size_t next_ = 0;
};

}  // namespace millrace::vaapi
