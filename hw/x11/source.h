// SPDX-License-Identifier: MIT
// Source: an X11 screen, monitor, region or window as frames.
//
// The X server writes each picture straight into the pool's memory: every buffer is a memfd of ours
// that was attached to the server by its descriptor (MIT-SHM 1.2). That read-out is the one move of
// the bytes, inside the server, and is booked as inherent. The pointer is blended into the buffer.
//
// Frame k is due k / rate after the first, on CLOCK_MONOTONIC, and has that time and that sequence
// number. Slots that could not be served are skipped: a gap in the sequence. A frame with the same
// picture as the one before says so (BufferFlags::repeated), as the server's damage reports know.
//
// What changes meanwhile: a new size comes as frames of that size (their VideoMeta says it), an
// unmapped window, a monitor that is off and a region outside the screen as their last picture, a
// silent server as skipped slots, a closed window as the end, a lost server as the error
// `source_lost`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/x11/target.h"

namespace millrace::x11 {

class Capture;

class MILLRACE_API Source final : public Stage {
 public:
  /// Connects and looks at the target. Errors: `unavailable` for a display that is not there, a
  /// server that takes no memory by descriptor or has other pixels than ours, a monitor or window
  /// that does not exist or is not shown; `usage` for a region outside the screen and for a bad
  /// rate; `source_lost` for a server that stops to answer.
  [[nodiscard]] static Result<std::unique_ptr<Source>> open(const SourceSettings& settings);
  ~Source() override;

  /// BGRX of the captured size, which may be odd.
  [[nodiscard]] const VideoFormat& video() const;

  /// "window 0x3a00007 'xterm' 800x600 of :0": for people.
  [[nodiscard]] std::string what() const;

  /// True where windows of a Wayland session are missing from the picture, whatever the target: the
  /// display is Xwayland's.
  [[nodiscard]] bool sees_x_clients_only() const;

  /// What changed since it runs, as it was logged: for a summary. Thread-safe.
  [[nodiscard]] std::vector<std::string> notices() const;

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  explicit Source(std::unique_ptr<Capture> capture);

  std::unique_ptr<Capture> capture_;
};

}  // namespace millrace::x11
