// SPDX-License-Identifier: MIT
// What changes while frames are taken: sizes, the end of a window, of a monitor.
#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "tests/hw/x11/captured.h"
#include "tests/x11/client.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

bool has_size(const Buffer& frame, uint32_t width, uint32_t height) {
  return frame.video() && frame.video()->width == width && frame.video()->height == height;
}

/// After a few frames that may still show what moves: nothing moves any more.
void expect_a_still(Captured& captured) {
  ASSERT_TRUE(captured.until([&](const Buffer&) { return !captured.source().notices().empty(); }));
  const std::vector<Captured::Seen> still = captured.watch(10);
  EXPECT_EQ(std::ranges::count(still, true, &Captured::Seen::repeated), 10);
  EXPECT_EQ(std::ranges::count(still, still.front().counter, &Captured::Seen::counter), 10);
}

void expect_gone_and_back(Captured& captured) {
  const std::vector<std::string> notices = captured.source().notices();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_NE(notices[0].find("its last picture is repeated"), std::string::npos) << notices[0];
  EXPECT_NE(notices[1].find("is on the screen again"), std::string::npos) << notices[1];
}

TEST(X11Change, of_a_windows_size_comes_as_frames_of_that_size) {
  const Xvfb xvfb("640x480x24");
  Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  const Ref<Buffer> old = captured.next().value();

  client.tell("resize 401x303");
  const Ref<Buffer> grown = captured.until(
      [](const Buffer& frame) { return has_size(frame, 401, 303) && counter(frame).has_value(); });
  client.tell("resize 200x120");
  const Ref<Buffer> shrunk = captured.until(
      [](const Buffer& frame) { return has_size(frame, 200, 120) && counter(frame).has_value(); });

  ASSERT_TRUE(grown);
  EXPECT_EQ(grown->video()->layout.plane[0].stride, 401U * 4);
  EXPECT_TRUE(captured.files().contains(grown->memory().identity()));
  ASSERT_TRUE(shrunk);
  EXPECT_TRUE(counter(*old)) << "a frame in flight keeps its buffer";
  EXPECT_FALSE(grown->flags.repeated && shrunk->flags.repeated);
  const std::vector<std::string> notices = captured.source().notices();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_NE(notices[0].find("401x303"), std::string::npos) << notices[0];
  EXPECT_NE(notices[0].find("320x240"), std::string::npos) << notices[0];
}

TEST(X11Change, of_size_is_an_error_where_nobody_can_take_it) {
  const Xvfb xvfb("640x480x24");
  Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display(), window(client.window())), false);
  (void)captured.watch(2);
  client.tell("resize 400x300");
  expect_lost(last_of(captured));
}

TEST(X11Change, to_a_closed_window_is_the_end_and_said_so) {
  const Xvfb xvfb("640x480x24");
  Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  (void)captured.watch(2);

  client.tell("close");
  const Result<Ref<Buffer>> end = last_of(captured);

  ASSERT_TRUE(end) << end.error().what;
  EXPECT_FALSE(*end);
  const std::vector<std::string> notices = captured.source().notices();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].find("closed"), std::string::npos) << notices[0];
}

TEST(X11Change, of_the_screens_size_comes_as_frames_of_that_size) {
  const Xvfb xvfb("640x480x24");
  const Client client(xvfb.display(), {"--size", "320x240"});
  Desk desk(xvfb.display());
  Captured captured(settings_for(xvfb.display()));
  (void)captured.watch(2);

  desk.set_screen_size(320, 240);
  const Ref<Buffer> small = captured.until(
      [](const Buffer& frame) { return has_size(frame, 320, 240) && counter(frame).has_value(); });
  desk.set_screen_size(640, 480);
  const Ref<Buffer> large =
      captured.until([](const Buffer& frame) { return has_size(frame, 640, 480); });

  EXPECT_TRUE(small);
  EXPECT_TRUE(large);
}

TEST(X11Change, of_a_monitor_comes_as_frames_of_its_new_place) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  const Client client(xvfb.display(), {"--size", "200x160", "--at", "100+50"});
  Captured captured(settings_for(xvfb.display(), monitor("LEFT")));
  (void)captured.watch(2);
  desk.delete_monitor("LEFT");
  desk.set_monitor("LEFT", {100, 50, 200, 160});
  EXPECT_TRUE(captured.until(
      [](const Buffer& frame) { return has_size(frame, 200, 160) && counter(frame).has_value(); }));
}

TEST(X11Change, of_the_screen_cuts_a_region_that_it_no_longer_holds) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  Captured captured(settings_for(xvfb.display(), region({300, 200, 200, 200})));
  (void)captured.watch(2);
  desk.set_screen_size(400, 300);
  EXPECT_TRUE(captured.until([](const Buffer& frame) { return has_size(frame, 100, 100); }));
}

TEST(X11Change, of_the_screen_that_leaves_a_region_outside_repeats_its_last_picture) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  (void)desk.plain_window({480, 380, 160, 100}, 0x3366cc);
  Captured captured(settings_for(xvfb.display(), region({500, 400, 100, 80})));
  (void)captured.watch(2);

  desk.set_screen_size(320, 240);
  expect_a_still(captured);
  const Ref<Buffer> still = captured.next().value();
  desk.set_screen_size(640, 480);

  EXPECT_TRUE(has_size(*still, 100, 80));
  EXPECT_EQ(pixel(*still, 0, 0), 0x3366ccU);
  EXPECT_EQ(pixel(*still, 99, 79), 0x3366ccU);
  EXPECT_TRUE(captured.until([](const Buffer& frame) { return !frame.flags.repeated; }));
  expect_gone_and_back(captured);
}

TEST(X11Change, that_takes_the_monitor_away_repeats_its_last_picture_until_it_is_back) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  const Client client(xvfb.display(), {"--size", "320x480"});
  Captured captured(settings_for(xvfb.display(), monitor("LEFT")));
  (void)captured.watch(5);

  desk.delete_monitor("LEFT");
  expect_a_still(captured);
  const std::optional<uint32_t> still = counter(*captured.next().value());
  desk.set_monitor("LEFT", {0, 0, 320, 480});

  ASSERT_TRUE(still) << "the last picture is whole";
  EXPECT_TRUE(captured.until([&](const Buffer& frame) {
    const std::optional<uint32_t> seen = counter(frame);
    return seen && *seen > *still;
  }));
  expect_gone_and_back(captured);
}

TEST(X11Change, of_a_monitor_that_is_gone_is_a_read_out_of_one_picture_that_the_ledger_names) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  Captured captured(settings_for(xvfb.display(), monitor("LEFT")));
  (void)captured.watch(2);
  desk.delete_monitor("LEFT");
  expect_a_still(captured);
  const auto accounts = captured.ledger().accounts();
  ASSERT_EQ(accounts.size(), 2U);
  EXPECT_EQ(accounts[1]->kind(), observe::MoveKind::inherent);
  EXPECT_EQ(accounts[1]->moves(), 1U);
  EXPECT_EQ(accounts[1]->bytes(), 320U * 480 * 4);
}

TEST(X11Change, that_is_faster_than_frames_does_not_end_them) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const uint32_t shrinking = desk.plain_window({0, 0, 600, 400}, 0x3366cc);
  Captured captured(settings_for(xvfb.display(), window(shrinking)));
  (void)captured.watch(2);
  std::jthread shrinks([&](const std::stop_token& stop) {
    for (uint32_t round = 0; !stop.stop_requested(); ++round) {
      desk.resize(shrinking, 600 - round % 500, 400 - round % 300);
    }
    desk.resize(shrinking, 200, 100);
  });

  for (int at = 0; at < Captured::rate; ++at) {
    const Result<Ref<Buffer>> frame = captured.next();
    ASSERT_TRUE(frame) << frame.error().what;
  }
  shrinks.request_stop();
  shrinks.join();

  const Ref<Buffer> last =
      captured.until([](const Buffer& frame) { return has_size(frame, 200, 100); });
  ASSERT_TRUE(last);
  EXPECT_EQ(pixel(*last, 199, 99), 0x3366ccU);
  EXPECT_LE(captured.source().notices().size(), 5U);
}

TEST(X11Change, that_never_rests_ends_in_whole_frames) {
  const Xvfb xvfb("640x480x24");
  Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  for (uint32_t round = 0; round < 30; ++round) {
    client.tell(round % 2 == 0 ? "resize 400x300" : "resize 320x240");
    ASSERT_TRUE(captured.next().value());
  }
  client.tell("pause");
  (void)captured.watch(2);
  EXPECT_TRUE(counter(*captured.next().value()));
}

}  // namespace
}  // namespace millrace::x11::test
