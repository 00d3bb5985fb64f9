// SPDX-License-Identifier: MIT
// v4l2_buffer, filled. Pure.
#pragma once

#include <cstdint>

#include <linux/videodev2.h>

namespace millrace::v4l2 {

/// A v4l2_buffer and what it points to. Stays where it is made.
class WireBuffer {
 public:
  /// `type` as OutputDevice::buffer_type has it.
  WireBuffer(uint32_t type, uint32_t index) {
    wire_.type = type;
    wire_.index = index;
    wire_.memory = V4L2_MEMORY_MMAP;
    wire_.field = V4L2_FIELD_NONE;
    if (!is_multi_planar()) return;
    wire_.m.planes = &plane_;
    wire_.length = 1;
  }

  WireBuffer(const WireBuffer&) = delete;
  WireBuffer& operator=(const WireBuffer&) = delete;

  void set_used(uint32_t bytes) {
    (is_multi_planar() ? plane_.bytesused : wire_.bytesused) = bytes;
  }

  [[nodiscard]] uint32_t length() const { return is_multi_planar() ? plane_.length : wire_.length; }

  [[nodiscard]] uint32_t map_offset() const {
    return is_multi_planar() ? plane_.m.mem_offset : wire_.m.offset;
  }

  [[nodiscard]] v4l2_buffer& wire() { return wire_; }

 private:
  [[nodiscard]] bool is_multi_planar() const {
    return wire_.type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE;
  }

  v4l2_plane plane_{};
  v4l2_buffer wire_{};
};

}  // namespace millrace::v4l2
