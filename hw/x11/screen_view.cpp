// SPDX-License-Identifier: MIT
#include "hw/x11/screen_view.h"

#include <fmt/format.h>
#include <xcb/randr.h>

#include "hw/x11/area.h"
#include "hw/x11/monitors.h"

namespace millrace::x11 {
namespace {

constexpr uint16_t randr_changes = XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE |
                                   XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE |
                                   XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE;

Result<Area> screen_area(Connection& connection) {
  const auto root = MILLRACE_TRY(connection.reply<xcb_get_geometry_reply_t>(
      xcb_get_geometry(connection.wire(), connection.root()), "read the screen's size"));
  return Area{0, 0, root->width, root->height};
}

}  // namespace

Result<std::unique_ptr<View>> ScreenView::open(Connection& connection, const Features& features,
                                               const Target& target) {
  const xcb_screen_t& screen = connection.screen();
  MILLRACE_TRY(check_pixels(connection, screen.root_depth, screen.root_visual, "the screen"));
  // Watched before it is looked at: no change falls between.
  MILLRACE_TRY(connection.check(
      xcb_randr_select_input_checked(connection.wire(), connection.root(), randr_changes),
      "watch for changes of the screen"));
  std::unique_ptr<ScreenView> view(new ScreenView(connection, features, target));
  view->area_ = MILLRACE_TRY(view->find_area());
  return std::unique_ptr<View>(std::move(view));
}

Result<Area> ScreenView::find_area() {
  const Area screen = MILLRACE_TRY(screen_area(connection_));
  if (target_.kind == Target::Kind::screen) return screen;
  Area wanted = target_.region;
  if (target_.kind == Target::Kind::monitor) {
    const MonitorInfo monitor = MILLRACE_TRY(find_monitor(connection_, target_.monitor));
    wanted = monitor.area;
  }
  if (const std::optional<Area> seen = intersect(wanted, screen)) return *seen;
  return fail(ErrorKind::usage,
              fmt::format("capture {} of {}: it lies outside the screen, which is {}",
                          place_text(wanted), connection_.name(), size_text(screen)),
              fmt::format("Choose a region within {}.", place_text(screen)));
}

std::string ScreenView::what() const {
  if (target_.kind == Target::Kind::screen) return "screen " + size_text(area_);
  if (target_.kind == Target::Kind::region) return "region " + place_text(area_);
  return fmt::format("monitor '{}' {}", target_.monitor, place_text(area_));
}

std::vector<std::string> ScreenView::remarks() const {
  if (target_.kind != Target::Kind::region || area_ == target_.region) return {};
  return {fmt::format("region {} reaches beyond the screen: clipped to {}",
                      place_text(target_.region), place_text(area_))};
}

void ScreenView::note(const xcb_generic_event_t& event) {
  const int type = event.response_type & 0x7f;
  if (type == randr_event_ + XCB_RANDR_SCREEN_CHANGE_NOTIFY ||
      type == randr_event_ + XCB_RANDR_NOTIFY) {
    doubt();
  }
}

Result<View::Change> ScreenView::look_again() {
  Result<Area> found = find_area();
  if (!found && found.error().kind != ErrorKind::cancelled) {
    return fail(ErrorKind::source_lost, "follow the screen's change: " + found.error().what,
                "What was recorded until then is kept.");
  }
  if (!found) return fail(found.error());
  if (*found == area_) return Change{};
  const std::string before = what();
  area_ = *found;
  return Change{.redrawn = true,
                .notice = fmt::format("the screen has changed: {} is now {}, fitted into the "
                                      "recorded size",
                                      before, what())};
}

}  // namespace millrace::x11
