// SPDX-License-Identifier: MIT
// ScreenView: the screen, one monitor of it, or a region of it.
//
// RandR tells of every change of the screen and its outputs. One that a user makes to a monitor of
// his own definition (xrandr --setmonitor) comes as a ConfigureNotify of the root, which keeps its
// size. A monitor that is off, and a region that lies outside, may come back: they are looked for
// with each change.
// https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/randrproto.txt
#pragma once

#include "hw/x11/view.h"

namespace millrace::x11 {

class ScreenView final : public View {
 public:
  [[nodiscard]] static Result<std::unique_ptr<View>> open(Connection& connection,
                                                          const Features& features,
                                                          const Target& target);

  [[nodiscard]] xcb_drawable_t drawable() const override { return connection_.root(); }

  [[nodiscard]] Area area() const override { return area_; }

  [[nodiscard]] xcb_window_t window() const override { return connection_.root(); }

  [[nodiscard]] Point origin() const override { return {area_.x, area_.y}; }

  [[nodiscard]] bool is_shown() const override { return !missing_; }

  [[nodiscard]] bool is_missing() const override { return missing_; }

  [[nodiscard]] std::optional<Area> damage_area() const override { return area_; }

  [[nodiscard]] std::string what() const override;
  [[nodiscard]] std::vector<std::string> remarks() const override;
  void note(const xcb_generic_event_t& event) override;

 protected:
  [[nodiscard]] Result<Change> look_again() override;

 private:
  ScreenView(Connection& connection, const Features& features, Target target)
      : connection_(connection), randr_event_(features.randr_event), target_(std::move(target)) {}

  [[nodiscard]] Result<Area> find_area();
  [[nodiscard]] Change miss();
  [[nodiscard]] Change find(const Area& area);

  Connection& connection_;
  const uint8_t randr_event_;
  const Target target_;
  Area area_{};  ///< the last one while it is missing
  bool missing_ = false;
};

}  // namespace millrace::x11
