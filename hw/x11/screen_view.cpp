// SPDX-License-Identifier: MIT
#include "hw/x11/screen_view.h"

#include <utility>

#include <fmt/format.h>
#include <xcb/randr.h>

#include "hw/x11/area.h"
#include "hw/x11/monitors.h"

namespace millrace::x11 {
namespace {

constexpr auto gone_or_back = "gone or back";
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
  const uint32_t structure = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
  MILLRACE_TRY(
      connection.check(xcb_change_window_attributes_checked(connection.wire(), connection.root(),
                                                            XCB_CW_EVENT_MASK, &structure),
                       "watch for changes of the monitors"));
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
  if (type == XCB_CONFIGURE_NOTIFY || type == randr_event_ + XCB_RANDR_SCREEN_CHANGE_NOTIFY ||
      type == randr_event_ + XCB_RANDR_NOTIFY) {
    doubt();
  }
}

Result<View::Change> ScreenView::look_again() {
  const Result<Area> found = find_area();
  if (found) return find(*found);
  // Of these two the target is the reason; else it is the server.
  const ErrorKind kind = found.error().kind;
  if (kind == ErrorKind::unavailable || kind == ErrorKind::usage) return miss();
  return fail(found.error());
}

View::Change ScreenView::miss() {
  if (std::exchange(missing_, true)) return {};
  return {.notice = {what() + " is not on the screen any more: its last picture is repeated",
                     gone_or_back, what() + " is not on the screen"}};
}

View::Change ScreenView::find(const Area& area) {
  const bool back = std::exchange(missing_, false);
  if (area == area_ && !back) return {};
  const std::string before = what();
  area_ = area;
  if (back) {
    return {
        .redrawn = true,
        .notice = {what() + " is on the screen again", gone_or_back, what() + " is on the screen"}};
  }
  return {.redrawn = true,
          .notice = {fmt::format("the screen has changed: {} is now {}, fitted into the recorded "
                                 "size",
                                 before, what()),
                     "changed", what()}};
}

}  // namespace millrace::x11
