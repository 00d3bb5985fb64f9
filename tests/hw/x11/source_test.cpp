// SPDX-License-Identifier: MIT
// Screens, monitors and regions: the server writes into our memory what the client drew, whole.
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "engine/stages/smpte_bars.h"
#include "tests/hw/x11/captured.h"
#include "tests/x11/client.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

using Seen = Captured::Seen;

uint32_t code_of(const Rgb& rgb) {
  const auto code = [](double value) { return static_cast<uint32_t>(value * 255 + 0.5); };
  return code(rgb.r) << 16 | code(rgb.g) << 8 | code(rgb.b);
}

/// None is torn, none goes backwards, and the client was seen to move.
void expect_a_moving_client(const std::vector<Seen>& frames) {
  for (size_t at = 0; at < frames.size(); ++at) {
    ASSERT_TRUE(frames[at].counter) << "torn: frame " << at;
    if (at == 0) continue;
    ASSERT_GE(*frames[at].counter, *frames[at - 1].counter);
  }
  EXPECT_GT(*frames.back().counter, *frames.front().counter);
}

/// As many pictures as the source calls distinct, and the same as the counters tell.
void expect_true_repeats(const std::vector<Seen>& frames) {
  for (size_t at = 1; at < frames.size(); ++at) {
    EXPECT_EQ(frames[at].repeated, frames[at].counter == frames[at - 1].counter) << "frame " << at;
  }
}

TEST(X11Source, writes_the_screen_into_the_buffers_that_were_attached) {
  const Xvfb xvfb("320x240x24");
  const Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display()));

  const Ref<Buffer> frame = captured.next().value();

  ASSERT_TRUE(frame);
  EXPECT_EQ(captured.files().size(), 3U);
  EXPECT_TRUE(captured.files().contains(frame->memory().identity()));
  for (const BarsPatch& patch : bars_patches(320, 240)) {
    const uint32_t x = patch.where.x + patch.where.width / 2;
    const uint32_t y = patch.where.y + patch.where.height * 3 / 4;
    EXPECT_EQ(pixel(*frame, x, y), code_of(patch.colour)) << x << "," << y;
  }
}

/// The inodes that process `pid` has mapped.
std::set<uint64_t> inodes_mapped_by(pid_t pid) {
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  std::set<uint64_t> inodes;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string range, rights, offset, device;
    uint64_t inode = 0;
    if (words >> range >> rights >> offset >> device >> inode) inodes.insert(inode);
  }
  return inodes;
}

TEST(X11Source, has_each_of_its_buffers_mapped_by_the_server_until_it_stops) {
  const Xvfb xvfb("320x240x24");
  Captured captured(settings_for(xvfb.display()));
  (void)captured.watch(1);
  const std::set<uint64_t> running = inodes_mapped_by(xvfb.pid());
  captured.source().stop();
  Desk desk(xvfb.display());  // what was sent before is done when this one is answered
  desk.move_pointer(1, 1);
  const std::set<uint64_t> stopped = inodes_mapped_by(xvfb.pid());
  for (const FileIdentity& file : captured.files()) {
    EXPECT_TRUE(running.contains(file.inode));
    EXPECT_FALSE(stopped.contains(file.inode));
  }
}

TEST(X11Source, shows_every_picture_of_a_slower_client_whole_and_knows_repeats) {
  const Xvfb xvfb("640x480x24");
  Client client(xvfb.display(), {"--size", "640x480", "--rate", "10"});
  Captured captured(settings_for(xvfb.display()));
  (void)captured.watch(2);

  const uint32_t before = client.tell("count");
  const std::vector<Seen> frames = captured.watch(120);
  const uint32_t drawn = client.tell("count") - before;

  expect_a_moving_client(frames);
  expect_true_repeats(frames);
  const auto distinct = std::ranges::count(frames, false, &Seen::repeated);
  EXPECT_NEAR(static_cast<double>(distinct), drawn, 2);
}

TEST(X11Source, calls_nothing_new_while_nothing_is_drawn) {
  const Xvfb xvfb("320x240x24");
  Client client(xvfb.display(), {"--size", "320x240"});
  Captured captured(settings_for(xvfb.display()));
  client.tell("pause");
  (void)captured.watch(2);

  const std::vector<Seen> frames = captured.watch(30);

  EXPECT_EQ(std::ranges::count(frames, true, &Seen::repeated), 30);
}

TEST(X11Source, times_frames_by_their_slots) {
  const Xvfb xvfb("320x240x24");
  Captured captured(settings_for(xvfb.display()));

  for (int frame = 0; frame < 5; ++frame) {
    const Ref<Buffer> taken = captured.next().value();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->timing.pts, frame_time(taken->timing.sequence, {Captured::rate, 1}));
    EXPECT_EQ(taken->timing.pts.value() + taken->timing.duration.value(),
              frame_time(taken->timing.sequence + 1, {Captured::rate, 1}));
  }
}

TEST(X11Source, skips_slots_for_which_there_was_no_buffer) {
  const Xvfb xvfb("320x240x24");
  Captured captured(settings_for(xvfb.display()), true, 1);
  Ref<Buffer> kept = captured.next().value();
  ASSERT_EQ(kept->timing.sequence, 0U);
  std::jthread gives_back([kept = std::move(kept)]() mutable {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    kept = nullptr;
  });

  const Ref<Buffer> frame = captured.next().value();

  ASSERT_TRUE(frame);
  EXPECT_GT(frame->timing.sequence, 2U);
  EXPECT_EQ(frame->timing.pts, frame_time(frame->timing.sequence, {Captured::rate, 1}));
}

TEST(X11Source, books_each_read_out_as_inherent_and_nothing_else) {
  const Xvfb xvfb("320x240x24");
  Captured captured(settings_for(xvfb.display()));
  (void)captured.watch(4);
  EXPECT_EQ(captured.ledger().moves(observe::MoveKind::inherent), 4U);
  EXPECT_EQ(captured.ledger().bytes(observe::MoveKind::inherent), 4U * 320 * 240 * 4);
  EXPECT_EQ(captured.ledger().moves(observe::MoveKind::copy), 0U);
  EXPECT_EQ(captured.ledger().moves(observe::MoveKind::transform), 0U);
}

TEST(X11Source, takes_one_monitor_by_its_name) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  desk.set_monitor("RIGHT", {320, 0, 320, 480});
  const Client client(xvfb.display(), {"--size", "320x480", "--at", "320+0"});
  Captured captured(settings_for(xvfb.display(), monitor("RIGHT")));
  EXPECT_EQ(captured.source().video().width, 320U);
  EXPECT_EQ(captured.source().video().height, 480U);
  expect_a_moving_client(captured.watch(30));
}

TEST(X11Source, takes_a_region_and_no_notice_of_what_moves_outside) {
  const Xvfb xvfb("640x480x24");
  const Client inside(xvfb.display(), {"--size", "320x240", "--at", "100+50", "--rate", "10"});
  const Client outside(xvfb.display(), {"--size", "100x100", "--at", "500+300", "--rate", "50"});
  Captured captured(settings_for(xvfb.display(), region({100, 50, 320, 240})));
  const std::vector<Seen> frames = captured.watch(60);
  expect_a_moving_client(frames);
  expect_true_repeats(frames);
}

TEST(X11Source, clips_a_region_to_the_screen_and_says_so) {
  const Xvfb xvfb("640x480x24");
  Captured captured(settings_for(xvfb.display(), region({600, -20, 100, 100})));
  EXPECT_EQ(captured.source().video().width, 40U);
  EXPECT_EQ(captured.source().video().height, 80U);
  const StageOffer offer = captured.source().describe();
  ASSERT_EQ(offer.remarks.size(), 1U);
  EXPECT_NE(offer.remarks[0].find("clipped to 40x80+600+0"), std::string::npos) << offer.remarks[0];
}

TEST(X11Source, ends_at_once_when_it_is_asked_to_stop) {
  const Xvfb xvfb("320x240x24");
  SourceSettings settings = settings_for(xvfb.display());
  settings.frame_rate = {1, 3600};
  Captured captured(settings);
  (void)captured.watch(1);
  std::stop_source stop;
  std::jthread asks([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop.request_stop();
  });

  const Result<Ref<Buffer>> frame = captured.next(stop.get_token());

  ASSERT_TRUE(frame) << frame.error().what;
  EXPECT_FALSE(*frame);
}

}  // namespace
}  // namespace millrace::x11::test
