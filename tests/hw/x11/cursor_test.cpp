// SPDX-License-Identifier: MIT
// The pointer: in the picture where it is wanted, where it really is, and reason enough for a
// frame.
#include <algorithm>

#include <gtest/gtest.h>

#include "engine/observe/recorder.h"
#include "engine/observe/stage_scope.h"
#include "tests/hw/x11/captured.h"
#include "tests/x11/client.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

// The client's pointer is a square of 16x16 whose top left corner points.
constexpr uint32_t red = 0xff0000;

SourceSettings with_pointer(SourceSettings settings) {
  settings.cursor = true;
  return settings;
}

/// A display with a client that draws nothing new and gives the pointer its shape.
struct Quiet {
  Xvfb xvfb{"640x480x24"};
  Client client{xvfb.display(), {"--size", "320x240", "--at", "50+40", "--cursor"}};
  Desk desk{xvfb.display()};

  Quiet() { client.tell("pause"); }
};

TEST(X11Pointer, is_drawn_where_it_points) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  Captured captured(with_pointer(settings_for(quiet.xvfb.display())));
  const Ref<Buffer> frame = captured.next().value();
  ASSERT_TRUE(frame);
  EXPECT_EQ(pixel(*frame, 200, 150), red);
  EXPECT_EQ(pixel(*frame, 215, 165), red);
  EXPECT_NE(pixel(*frame, 199, 150), red);
  EXPECT_NE(pixel(*frame, 216, 165), red);
}

TEST(X11Pointer, is_left_out_when_it_is_not_wanted) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  Captured captured(settings_for(quiet.xvfb.display()));
  const Ref<Buffer> frame = captured.next().value();
  ASSERT_TRUE(frame);
  EXPECT_NE(pixel(*frame, 200, 150), red);
}

TEST(X11Pointer, is_placed_in_a_region_and_in_a_window) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  Captured part(with_pointer(settings_for(quiet.xvfb.display(), region({190, 145, 64, 64}))));
  Captured whole(with_pointer(settings_for(quiet.xvfb.display(), window(quiet.client.window()))));
  const Ref<Buffer> in_region = part.next().value();
  const Ref<Buffer> in_window = whole.next().value();
  EXPECT_EQ(pixel(*in_region, 10, 5), red);
  EXPECT_NE(pixel(*in_region, 9, 5), red);
  EXPECT_EQ(pixel(*in_window, 150, 110), red);
  EXPECT_NE(pixel(*in_window, 149, 110), red);
}

TEST(X11Pointer, is_clipped_at_the_edge_of_the_picture) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  Captured captured(with_pointer(settings_for(quiet.xvfb.display(), region({205, 155, 8, 8}))));
  const Ref<Buffer> frame = captured.next().value();
  EXPECT_EQ(pixel(*frame, 0, 0), red);
  EXPECT_EQ(pixel(*frame, 7, 7), red);
}

TEST(X11Pointer, that_moves_makes_a_frame_distinct) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  Captured captured(with_pointer(settings_for(quiet.xvfb.display())));
  (void)captured.watch(3);
  EXPECT_TRUE(captured.watch(1)[0].repeated);

  quiet.desk.move_pointer(210, 150);
  const std::vector<Captured::Seen> moved = captured.watch(3);

  EXPECT_EQ(std::ranges::count(moved, false, &Captured::Seen::repeated), 1);
}

TEST(X11Pointer, follows_the_shape_that_a_window_gives_it) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  Captured captured(with_pointer(settings_for(quiet.xvfb.display())));
  EXPECT_EQ(pixel(*captured.next().value(), 215, 165), red);

  quiet.desk.move_pointer(500, 400);  // over the root, which has another
  (void)captured.next().value();
  const Ref<Buffer> frame = captured.next().value();

  EXPECT_NE(pixel(*frame, 515, 415), red);
}

TEST(X11Pointer, opens_cpu_windows_as_declared_and_none_without_it) {
  Quiet quiet;
  quiet.desk.move_pointer(200, 150);
  for (const bool cursor : {false, true}) {
    SourceSettings settings = settings_for(quiet.xvfb.display());
    settings.cursor = cursor;
    Captured captured(settings);
    const observe::CpuAccess declared = captured.source().describe().ports[0].cpu;
    EXPECT_EQ(declared.write, cursor);
    observe::Recorder recorder;
    const observe::StageScope scope({.recorder = &recorder, .declared = declared});

    const Ref<Buffer> frame = captured.next().value();

    EXPECT_EQ(scope.undeclared_windows(), 0U);
    std::vector<observe::Record> records;
    recorder.drain(records);
    EXPECT_EQ(std::ranges::count(records, observe::RecordType::cpu_window, &observe::Record::type),
              cursor ? 1 : 0);
  }
}

}  // namespace
}  // namespace millrace::x11::test
