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
#include "engine/graph/provenance.h"
#include "engine/memory/buffer.h"
#include "engine/observe/ledger.h"
#include "hw/vaapi/encoder.h"
#include "hw/vaapi/handles.h"
#include "hw/vaapi/image.h"

namespace millrace::vaapi {

struct UploadTrial {
  bool passed = false;
  Provenance why;  ///< the trial and the driver's answer to it
};

/// A picture of `size`, put once, and read back where the driver lets us.
[[nodiscard]] MILLRACE_API UploadTrial try_upload(const SharedDisplay& display, SurfaceSize size);

/// Confined.
class MILLRACE_API ImageUpload {
 public:
  static Result<std::unique_ptr<ImageUpload>> create(SharedDisplay display, SurfaceSize size);

  ImageUpload(const ImageUpload&) = delete;
  ImageUpload& operator=(const ImageUpload&) = delete;

  /// A surface with the frame in it, good until as many others were asked for as an encoder may
  /// have under way. The copy is booked in `account`.
  [[nodiscard]] Result<VASurfaceID> put(const Buffer& frame, observe::Ledger::Account& account);

 private:
  ImageUpload(SharedDisplay display, SurfaceSize size);
  Result<> copy_into_image(const Buffer& frame, observe::Ledger::Account& account);

  SharedDisplay display_;
  SurfaceSize size_;
  Image image_;
  std::array<Surface, Encoder::depth + 1> surfaces_;
  size_t next_ = 0;
};

}  // namespace millrace::vaapi
