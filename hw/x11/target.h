// SPDX-License-Identifier: MIT
// Target: which part of an X11 desktop is captured.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/time.h"

namespace millrace::x11 {

/// A rectangle on the screen (origin at its top left corner) or in a window; may lie outside.
struct Area {
  int32_t x = 0;
  int32_t y = 0;
  uint32_t width = 0;  ///< pixels
  uint32_t height = 0;
  friend bool operator==(const Area&, const Area&) = default;
};

struct Target {
  enum class Kind : uint8_t { screen, monitor, region, window };

  Kind kind = Kind::screen;
  std::string monitor;  ///< RandR's name, "HDMI-1"; for Kind::monitor
  Area region{};        ///< on the screen; for Kind::region
  uint32_t window =
      0;  ///< the id, as `millrace list sources` and xwininfo print it; for Kind::window
};

struct SourceSettings {
  std::string display;  ///< ":0"; empty: $DISPLAY
  Target target{};
  bool cursor = true;  ///< draws the pointer into the picture
  Fraction frame_rate{60, 1};
  std::string origin = "x11:";  ///< as the user gave it, for the plan's reasons

  /// How long a server may be silent, or refuse, before a running capture says so, or gives up.
  Duration patience = std::chrono::seconds{10};
};

}  // namespace millrace::x11
