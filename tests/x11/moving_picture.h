// SPDX-License-Identifier: MIT
// MovingPicture: what the moving client shows: colour bars, a square that moves, and the frame
// counter of test:bars, as BGRX in a file that an X server can be given.
#pragma once

#include <optional>

#include "engine/memory/buffer.h"
#include "engine/stages/frame_counter.h"
#include "engine/stages/smpte_bars.h"

namespace millrace::x11::test {

class MovingPicture {
 public:
  /// Throws std::runtime_error for a size that cannot be.
  MovingPicture(uint32_t width, uint32_t height);

  /// Picture `number`, all of it.
  void draw(uint32_t number);

  [[nodiscard]] int fd() const { return buffer_->memory().fd(); }

  [[nodiscard]] uint32_t offset() const;

  [[nodiscard]] uint32_t width() const { return video_.width; }

  [[nodiscard]] uint32_t height() const { return video_.height; }

 private:
  const VideoFormat video_;
  const SmpteBars bars_;
  const std::optional<CounterGeometry> counter_;
  const CounterInks inks_;
  const Ink square_;
  Ref<Buffer> buffer_;
};

}  // namespace millrace::x11::test
