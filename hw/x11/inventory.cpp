// SPDX-License-Identifier: MIT
#include "hw/x11/inventory.h"

#include <fmt/format.h>

#include "hw/x11/connection.h"
#include "hw/x11/features.h"
#include "hw/x11/monitors.h"
#include "hw/x11/windows.h"
#include "hw/x11/xwayland.h"

namespace millrace::x11 {
namespace {

std::string vendor_of(const xcb_setup_t& setup) {
  const auto length = static_cast<size_t>(xcb_setup_vendor_length(&setup));
  return fmt::format("{} {}", std::string(xcb_setup_vendor(&setup), length), setup.release_number);
}

Result<> find_obstacle(Connection& connection) {
  MILLRACE_TRY(negotiate_features(connection));
  const xcb_screen_t& screen = connection.screen();
  return check_pixels(connection, screen.root_depth, screen.root_visual, "the screen");
}

}  // namespace

Result<DisplayFacts> query_display(const std::string& display) {
  const auto connection = MILLRACE_TRY(Connection::open(display));
  const xcb_screen_t& screen = connection->screen();
  DisplayFacts facts{.name = connection->name(),
                     .vendor = vendor_of(connection->setup()),
                     .screen = {0, 0, screen.width_in_pixels, screen.height_in_pixels}};
  facts.xwayland = MILLRACE_TRY(is_xwayland(*connection));
  const Result<> usable = find_obstacle(*connection);
  if (!usable) facts.obstacle = usable.error().what;
  return facts;
}

Result<TargetList> list_targets(const std::string& display) {
  const auto connection = MILLRACE_TRY(Connection::open(display));
  MILLRACE_TRY(negotiate_features(*connection));
  TargetList targets;
  targets.monitors = MILLRACE_TRY(query_monitors(*connection));
  targets.windows = MILLRACE_TRY(query_windows(*connection));
  return targets;
}

}  // namespace millrace::x11
