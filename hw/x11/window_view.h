// SPDX-License-Identifier: MIT
// WindowView: one window, whatever lies above it.
//
// The window is redirected (Composite, automatic: the screen looks as before), so that its pixels
// have a pixmap of their own, without what hides them. A resize or a new mapping gives it another
// pixmap, which must be named again. While it is not viewable it has none: the last one, which the
// name keeps alive, still holds its last picture.
// https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/compositeproto.txt
#pragma once

#include "hw/x11/view.h"
#include "hw/x11/windows.h"

namespace millrace::x11 {

class WindowView final : public View {
 public:
  [[nodiscard]] static Result<std::unique_ptr<View>> open(Connection& connection,
                                                          xcb_window_t window);
  ~WindowView() override;

  [[nodiscard]] xcb_drawable_t drawable() const override { return pixmap_; }

  [[nodiscard]] Area area() const override;

  [[nodiscard]] xcb_window_t window() const override { return window_; }

  [[nodiscard]] Point origin() const override { return {0, 0}; }

  [[nodiscard]] bool is_shown() const override { return !hidden_; }

  [[nodiscard]] std::optional<Area> damage_area() const override { return std::nullopt; }

  [[nodiscard]] std::string what() const override;
  void note(const xcb_generic_event_t& event) override;

 protected:
  [[nodiscard]] Result<Change> look_again() override;

 private:
  WindowView(Connection& connection, xcb_window_t window)
      : connection_(connection), window_(window) {}

  [[nodiscard]] Result<> redirect();
  [[nodiscard]] Result<> watch_ancestors();
  [[nodiscard]] Result<bool> name_pixmap(WindowFacts& facts);
  [[nodiscard]] bool has_new_size(const xcb_configure_notify_event_t& event) const;
  [[nodiscard]] Change hide();
  [[nodiscard]] Change show(const WindowFacts& before);

  Connection& connection_;
  const xcb_window_t window_;
  std::string title_;
  WindowFacts facts_{};  ///< of the pixmap that has the name
  xcb_pixmap_t pixmap_ = XCB_NONE;
  bool hidden_ = false;
};

}  // namespace millrace::x11
