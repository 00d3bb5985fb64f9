// SPDX-License-Identifier: MIT
// OutputQueue: frames in the device's own buffers, handed over and taken back in turn.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stop_token>

#include <linux/videodev2.h>

#include "engine/base/export.h"
#include "engine/base/time.h"
#include "engine/memory/buffer.h"
#include "hw/v4l2/output_device.h"

namespace millrace::v4l2 {

/// Confined.
class MILLRACE_API OutputQueue {
 public:
  OutputQueue(std::shared_ptr<OutputDevice> device, uint64_t image_bytes)
      : device_(std::move(device)), image_bytes_(image_bytes) {}

  ~OutputQueue() { stop(); }

  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;

  /// Hands `frame` to the device, whose buffer `index` it lies in, and waits until the device keeps
  /// no more than `kept_buffers`. Errors: `output_failed`, `cancelled`.
  [[nodiscard]] Result<> put(Ref<Buffer> frame, uint32_t index, const std::stop_token& stop);

  /// Waits a moment for what the device has not shown yet; some keep the last one for ever.
  [[nodiscard]] Result<> finish(const std::stop_token& stop);

  /// Takes everything back.
  void stop() noexcept;

  /// Frames that the device took and says it spoiled.
  [[nodiscard]] uint64_t spoiled() const { return spoiled_; }

 private:
  Result<> take_one_back(const std::stop_token& stop, Duration limit);

  const std::shared_ptr<OutputDevice> device_;
  const uint64_t image_bytes_;
  std::array<Ref<Buffer>, VIDEO_MAX_FRAME> frames_;  ///< those that the device has, by number
  uint64_t kept_ = 0;
  uint64_t spoiled_ = 0;
  bool started_ = false;
};

}  // namespace millrace::v4l2
