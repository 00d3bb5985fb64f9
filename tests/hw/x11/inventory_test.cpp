// SPDX-License-Identifier: MIT
#include "hw/x11/inventory.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/hw/x11/captured.h"
#include "tests/x11/client.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

TEST(X11Inventory, tells_what_a_display_is_and_that_it_can_be_captured) {
  const Xvfb xvfb("640x480x24");
  const auto facts = query_display(xvfb.display());
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->name, xvfb.display());
  EXPECT_EQ(facts->screen, (Area{0, 0, 640, 480}));
  EXPECT_FALSE(facts->xwayland);
  EXPECT_FALSE(Captured(settings_for(xvfb.display())).source().sees_x_clients_only());
  EXPECT_FALSE(facts->vendor.empty());
  EXPECT_EQ(facts->obstacle, "");
}

TEST(X11Inventory, tells_why_a_display_cannot_be_captured) {
  const Xvfb xvfb("640x480x24", {"-extension", "DAMAGE"});
  const auto facts = query_display(xvfb.display());
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_NE(facts->obstacle.find("DAMAGE"), std::string::npos) << facts->obstacle;
}

TEST(X11Inventory, lists_monitors_by_name_and_place) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  desk.set_monitor("RIGHT", {320, 0, 320, 480});
  const auto targets = list_targets(xvfb.display());
  ASSERT_TRUE(targets) << targets.error().what;
  const auto& monitors = targets->monitors;
  const auto right = std::ranges::find(monitors, "RIGHT", &MonitorInfo::name);
  ASSERT_NE(right, monitors.end());
  EXPECT_EQ(right->area, (Area{320, 0, 320, 480}));
}

TEST(X11Inventory, lists_monitors_and_windows_at_once) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  const uint32_t shown = desk.plain_window({0, 0, 100, 50}, 0);
  const auto targets = list_targets(xvfb.display());
  ASSERT_TRUE(targets) << targets.error().what;
  EXPECT_EQ(std::ranges::count(targets->monitors, "LEFT", &MonitorInfo::name), 1);
  ASSERT_EQ(targets->windows.size(), 1U);
  EXPECT_EQ(targets->windows[0].id, shown);
}

TEST(X11Inventory, names_a_monitor_so_that_it_can_be_printed_and_captured) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("\x1b[31mLEFT", {0, 0, 320, 480});
  const auto targets = list_targets(xvfb.display());
  ASSERT_TRUE(targets) << targets.error().what;
  const auto& monitors = targets->monitors;
  EXPECT_EQ(std::ranges::count(monitors, " [31mLEFT", &MonitorInfo::name), 1);
  EXPECT_EQ(Captured(settings_for(xvfb.display(), monitor(" [31mLEFT"))).source().video().width,
            320U);
}

TEST(X11Inventory, lists_the_shown_windows_where_there_is_no_window_manager) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const Client client(xvfb.display(),
                      {"--size", "320x240", "--at", "30+20", "--title", "a\x1b[31m title"});
  (void)desk.unmapped_window();
  (void)desk.input_only_window();
  const auto targets = list_targets(xvfb.display());
  ASSERT_TRUE(targets) << targets.error().what;
  const auto& windows = targets->windows;
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].id, client.window());
  EXPECT_EQ(windows[0].title, "a [31m title");
  EXPECT_EQ(windows[0].area, (Area{30, 20, 320, 240}));
  EXPECT_TRUE(windows[0].viewable);
}

TEST(X11Inventory, lists_what_the_window_manager_lists) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const uint32_t hidden = desk.unmapped_window();
  const uint32_t shown = desk.plain_window({0, 0, 100, 50}, 0);
  (void)desk.plain_window({0, 0, 10, 10}, 0);
  const uint32_t gone = 0x7ffffff;
  desk.publish_windows({hidden, gone, shown});
  const auto targets = list_targets(xvfb.display());
  ASSERT_TRUE(targets) << targets.error().what;
  const auto& windows = targets->windows;
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].id, hidden);
  EXPECT_FALSE(windows[0].viewable);
  EXPECT_EQ(windows[1].id, shown);
}

TEST(X11Inventory, refuses_a_display_that_is_not_there) {
  const auto facts = query_display(":4711");
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace millrace::x11::test
