// SPDX-License-Identifier: MIT
// Pointer: the mouse pointer, drawn into a frame. The server leaves it out of every read-out.
#pragma once

#include <memory>
#include <optional>

#include <xcb/xcb.h>

#include "engine/memory/buffer.h"
#include "hw/x11/connection.h"
#include "hw/x11/cursor_image.h"

namespace millrace::x11 {

class Pointer {
 public:
  /// `connection` outlives the result.
  [[nodiscard]] static Result<std::unique_ptr<Pointer>> create(Connection& connection);

  /// Its place, asked for together with the picture. The picture's top left corner is `origin` in
  /// `window`.
  void ask(xcb_window_t window, const Point& origin);

  /// Instead of asking: it is nowhere in this picture.
  void leave() { place_.reset(); }

  /// The place at the time of the picture is taken note of.
  [[nodiscard]] Result<> answer();

  /// Draws it where it is seen; true when it looks otherwise than in the frame before.
  [[nodiscard]] Result<bool> draw(Buffer& frame);

  /// A CursorNotify has arrived: it has another shape.
  void note_shape() { shape_known_ = false; }

 private:
  explicit Pointer(Connection& connection) : connection_(connection) {}

  [[nodiscard]] Result<> fetch_shape();

  Connection& connection_;
  Point origin_{};
  xcb_query_pointer_cookie_t asked_{};
  std::optional<Point> place_;  ///< in the picture; none on another screen
  CursorImage shape_;
  bool shape_known_ = false;
  bool shape_drawn_ = false;    ///< the frame before has this shape, if any
  std::optional<Point> drawn_;  ///< where the frame before has it; none: nowhere
};

}  // namespace millrace::x11
