// SPDX-License-Identifier: MIT
// Still: the last picture of a part of the screen that is gone, kept by the server.
//
// A monitor that is off has no pixels, and the recording goes on. Its last picture lies in the
// buffer of the last frame; the server copies it into a pixmap, once, and is read out as before.
#pragma once

#include <memory>
#include <optional>

#include <xcb/shm.h>

#include "hw/x11/connection.h"

namespace millrace::x11 {

class Still {
 public:
  /// Where a picture lies in shared memory: rows without padding.
  struct Picture {
    xcb_shm_seg_t segment = XCB_NONE;
    uint32_t offset = 0;
  };

  /// Of that size, with the pixels of `last`, or black. `connection` outlives the result.
  [[nodiscard]] static Result<std::unique_ptr<Still>> create(Connection& connection, uint16_t width,
                                                             uint16_t height,
                                                             const std::optional<Picture>& last);
  ~Still();
  Still(const Still&) = delete;
  Still& operator=(const Still&) = delete;

  [[nodiscard]] xcb_drawable_t drawable() const { return pixmap_; }

 private:
  explicit Still(Connection& connection);

  Connection& connection_;
  const xcb_pixmap_t pixmap_;
};

}  // namespace millrace::x11
