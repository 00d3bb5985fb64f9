// SPDX-License-Identifier: MIT
// One window: its own pixels whatever lies above it, in whatever frame it stands.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/hw/x11/captured.h"
#include "tests/x11/client.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

constexpr uint32_t red = 0xff0000;
constexpr uint32_t green = 0x00ff00;

bool is_torn(const Captured::Seen& seen) {
  return !seen.counter;
}

TEST(X11Window, is_seen_whole_while_another_covers_it) {
  const Xvfb xvfb("640x480x24");
  const Client client(xvfb.display(), {"--size", "320x240", "--at", "50+40", "--rate", "20"});
  Desk desk(xvfb.display());
  (void)desk.plain_window({0, 0, 640, 480}, red);
  Captured captured(settings_for(xvfb.display(), window(client.window())));

  const std::vector<Captured::Seen> frames = captured.watch(60);

  EXPECT_EQ(std::ranges::count_if(frames, is_torn), 0);
  EXPECT_GT(*frames.back().counter, *frames.front().counter + 5);
  for (size_t at = 1; at < frames.size(); ++at) {
    EXPECT_EQ(frames[at].repeated, frames[at].counter == frames[at - 1].counter) << "frame " << at;
  }
}

TEST(X11Window, is_seen_whole_where_it_lies_beyond_the_screen) {
  const Xvfb xvfb("640x480x24");
  Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  client.tell("move -100+400");
  (void)captured.watch(2);
  const std::vector<Captured::Seen> frames = captured.watch(20);
  EXPECT_EQ(std::ranges::count_if(frames, is_torn), 0);
}

TEST(X11Window, leaves_its_border_out) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const uint32_t plain = desk.plain_window({10, 10, 64, 48}, green, 5);
  Captured captured(settings_for(xvfb.display(), window(plain)));
  const Ref<Buffer> frame = captured.next().value();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->video()->width, 64U);
  EXPECT_EQ(frame->video()->height, 48U);
  for (const auto& [x, y] : {std::pair{0U, 0U}, {63U, 0U}, {0U, 47U}, {63U, 47U}}) {
    EXPECT_EQ(pixel(*frame, x, y), green) << x << "," << y;
  }
}

TEST(X11Window, may_have_an_alpha_channel) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const uint32_t glass = desk.translucent_window({10, 10, 65, 47}, 0x80204060);
  Captured captured(settings_for(xvfb.display(), window(glass)));
  const Ref<Buffer> frame = captured.next().value();
  ASSERT_TRUE(frame);
  EXPECT_EQ(pixel(*frame, 64, 46), 0x204060U);
}

TEST(X11Window, is_named_by_its_title_and_size) {
  const Xvfb xvfb("640x480x24");
  const Client client(xvfb.display(), {"--size", "320x240", "--title", "two\tbars"});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  const std::string what = captured.source().what();
  EXPECT_NE(what.find("'two bars' 320x240 of " + xvfb.display()), std::string::npos) << what;
}

TEST(X11Window, repeats_its_last_picture_while_its_frame_is_hidden) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const Client client(xvfb.display(), {"--size", "320x240"});
  const uint32_t frame = desk.frame_around(client.window(), {20, 20, 330, 260});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  (void)captured.watch(5);

  desk.unmap(frame);
  (void)captured.watch(2);
  const std::vector<Captured::Seen> hidden = captured.watch(10);
  desk.map(frame);
  const Ref<Buffer> shown = captured.until([&](const Buffer& buffer) {
    const auto seen = counter(buffer);
    return seen && hidden.back().counter && *seen > *hidden.back().counter;
  });

  EXPECT_EQ(std::ranges::count(hidden, true, &Captured::Seen::repeated), 10);
  EXPECT_EQ(std::ranges::count(hidden, hidden.front().counter, &Captured::Seen::counter), 10);
  EXPECT_TRUE(shown) << "it is not followed after it came back";
  const std::vector<std::string> notices = captured.source().notices();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_NE(notices[0].find("its last picture is repeated"), std::string::npos) << notices[0];
  EXPECT_NE(notices[1].find("is shown again"), std::string::npos) << notices[1];
}

TEST(X11Window, is_followed_into_a_frame_that_comes_later) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  const Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display(), window(client.window())));
  (void)captured.watch(2);

  const uint32_t frame = desk.frame_around(client.window(), {20, 20, 330, 260});
  (void)captured.watch(2);
  desk.unmap(frame);
  (void)captured.watch(2);

  const std::vector<Captured::Seen> hidden = captured.watch(5);
  EXPECT_EQ(std::ranges::count(hidden, true, &Captured::Seen::repeated), 5);
}

}  // namespace
}  // namespace millrace::x11::test
