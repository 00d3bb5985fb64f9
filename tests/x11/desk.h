// SPDX-License-Identifier: MIT
// Desk: what a user, a window manager or a settings dialog would do on a test's display.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <xcb/xcb.h>

#include "hw/x11/target.h"

namespace millrace::x11::test {

/// Each call is carried out by the server on return. Throws where the display does not answer.
class Desk {
 public:
  explicit Desk(const std::string& display);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  [[nodiscard]] uint32_t root() const { return screen_->root; }

  /// A window of one colour, 0xRRGGBB, above all others; mapped at once.
  [[nodiscard]] uint32_t plain_window(const Area& area, uint32_t colour, uint32_t border = 0);

  /// One with an alpha channel, of 32 bits: 0xAARRGGBB.
  [[nodiscard]] uint32_t translucent_window(const Area& area, uint32_t colour);
  [[nodiscard]] uint32_t input_only_window();
  [[nodiscard]] uint32_t unmapped_window();

  /// Puts `window` into a new frame, as a window manager does; returns the frame.
  [[nodiscard]] uint32_t frame_around(uint32_t window, const Area& area);

  /// As a window manager's _NET_CLIENT_LIST.
  void publish_windows(const std::vector<uint32_t>& windows);
  void unmap(uint32_t window);
  void map(uint32_t window);
  void resize(uint32_t window, uint32_t width, uint32_t height);
  void move_pointer(int x, int y);
  void set_monitor(const std::string& name, const Area& area);
  void delete_monitor(const std::string& name);

  /// Within the size that the server was started with.
  void set_screen_size(uint32_t width, uint32_t height);

 private:
  [[nodiscard]] xcb_atom_t atom(const std::string& name);
  void switch_outputs_off();
  void round_trip();

  xcb_connection_t* wire_;
  xcb_screen_t* screen_;
};

}  // namespace millrace::x11::test
