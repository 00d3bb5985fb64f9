// SPDX-License-Identifier: MIT
// View: what is captured, as a rectangle of a drawable, and what becomes of it. Confined.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <xcb/xcb.h>

#include "hw/x11/connection.h"
#include "hw/x11/cursor_image.h"
#include "hw/x11/features.h"
#include "hw/x11/notices.h"
#include "hw/x11/target.h"

namespace millrace::x11 {

class View {
 public:
  struct Change {
    bool closed = false;   ///< the window is gone: there will be no more pictures
    bool redrawn = false;  ///< the next picture is another one, whatever damage says
    Notice notice;
  };

  /// Errors as Source::open. `connection` outlives the result.
  [[nodiscard]] static Result<std::unique_ptr<View>> open(Connection& connection,
                                                          const Features& features,
                                                          const Target& target);
  virtual ~View() = default;

  /// What to read out.
  [[nodiscard]] virtual xcb_drawable_t drawable() const = 0;
  [[nodiscard]] virtual Area area() const = 0;

  /// The window whose damage and pointer are meant, and where in it the picture begins.
  [[nodiscard]] virtual xcb_window_t window() const = 0;
  [[nodiscard]] virtual Point origin() const = 0;

  /// False while the picture is only the last one that there was: no pointer belongs on it.
  [[nodiscard]] virtual bool is_shown() const { return true; }

  /// True while what is captured is not there, and nothing of it can be read out: the last picture
  /// is to be repeated by whoever has it.
  [[nodiscard]] virtual bool is_missing() const { return false; }

  /// The part of `window` whose damage counts; none: all.
  [[nodiscard]] virtual std::optional<Area> damage_area() const = 0;

  /// "window 0x3a00007 'xterm' 800x600"
  [[nodiscard]] virtual std::string what() const = 0;

  /// What a reader of the plan should know.
  [[nodiscard]] virtual std::vector<std::string> remarks() const { return {}; }

  /// An event has arrived that may be about it.
  virtual void note(const xcb_generic_event_t& event) = 0;

  /// What was read out was not there any more: look again.
  void doubt() { doubted_ = true; }

  /// Looks again where there is reason to. Errors: `source_lost` when it is gone by a fault.
  [[nodiscard]] Result<Change> follow();

 protected:
  [[nodiscard]] virtual Result<Change> look_again() = 0;

 private:
  bool doubted_ = false;
};

}  // namespace millrace::x11
