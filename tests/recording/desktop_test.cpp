// SPDX-License-Identifier: MIT
// The X11 desktop as a user records it: an X server of the test's own, and a client on it that
// numbers its pictures. What is in the file is what was on the screen, whole, in its colours.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <set>
#include <thread>

#include <signal.h>

#include <gtest/gtest.h>

#include "engine/stages/smpte_bars.h"
#include "tests/recording/colours.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"
#include "tests/x11/client.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::recording {
namespace {

using namespace std::chrono_literals;
using x11::test::Client;
using x11::test::Desk;
using x11::test::Xvfb;

constexpr uint32_t width = 448;
constexpr uint32_t height = 336;
const std::string size = "448x336";

/// A desktop with the moving client on it, and how to record just that.
struct Scene {
  std::unique_ptr<Xvfb> xvfb;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Client> client;
  std::string source;
};

/// The client draws less often than frames are taken: each of its pictures is in some frame.
Scene open_scene(const std::string& screen, const Words& place = {}) {
  Scene scene;
  scene.xvfb = std::make_unique<Xvfb>(screen);
  scene.desk = std::make_unique<Desk>(scene.xvfb->display());
  Words options = {"--size", size, "--rate", "10"};
  options.insert(options.end(), place.begin(), place.end());
  scene.client = std::make_unique<Client>(scene.xvfb->display(), options);
  return scene;
}

Scene whole_screen() {
  Scene scene = open_scene(size + "x24");
  scene.source = "x11:";
  return scene;
}

Scene one_monitor() {
  Scene scene = open_scene("960x480x24", {"--at", "480+0"});
  scene.desk->set_monitor("LEFT", {0, 0, 480, 480});
  scene.desk->set_monitor("RIGHT", {480, 0, width, height});
  scene.source = "monitor:RIGHT";
  return scene;
}

Scene one_region() {
  Scene scene = open_scene("960x480x24", {"--at", "101+53"});
  scene.source = "region:" + size + "+101+53";
  return scene;
}

Scene one_window() {
  Scene scene = open_scene("640x480x24", {"--at", "20+30"});
  scene.source = "window:" + std::to_string(scene.client->window());
  return scene;
}

Scene covered_window() {
  Scene scene = one_window();
  (void)scene.desk->plain_window({0, 0, 640, 480}, 0x123456);
  return scene;
}

Order order_for(const Scene& scene, const Words& more = {}) {
  Order order{.options = {"-s", scene.source, "--fps", "60", "--qp", "18", "--cursor", "no"},
              .environment = {{"DISPLAY", scene.xvfb->display()}}};
  order.options.insert(order.options.end(), more.begin(), more.end());
  return order;
}

/// None is torn, none is older than the one before; returns how many different ones there are.
size_t expect_monotonic(const std::vector<int64_t>& counters) {
  EXPECT_EQ(std::ranges::count(counters, -1), 0) << "torn";
  EXPECT_TRUE(std::ranges::is_sorted(counters));
  return std::set<int64_t>(counters.begin(), counters.end()).size();
}

void expect_read_out_as_inherent(const Recording& recording) {
  const nlohmann::json inherent = recording.at("/copies/inherent");
  ASSERT_TRUE(inherent.is_array()) << recording.outcome;
  const auto found = std::ranges::find_if(inherent, [](const nlohmann::json& copy) {
    return copy.value("where", "").find("X server") != std::string::npos;
  });
  ASSERT_NE(found, inherent.end()) << inherent;
  EXPECT_EQ(found->value("bytes_per_frame", 0.0), 4.0 * width * height);
}

void expect_patches(const Picture& picture, const Matrix& matrix) {
  for (const BarsPatch& patch : bars_patches(width, height)) {
    const uint32_t x = patch.where.x + patch.where.width / 2;
    const uint32_t y = patch.where.y + patch.where.height * 3 / 4;  // below the counter
    expect_colour(picture, x, y, patch.colour, matrix);
  }
}

struct DesktopCase {
  std::string name;
  Scene (*open)();
};

class Desktop : public testing::TestWithParam<DesktopCase> {};

TEST_P(Desktop, is_recorded_whole_in_its_colours_and_without_a_copy) {
  const Scene scene = GetParam().open();
  const TempFolder folder;

  const Recording recording = record(folder, order_for(scene, {"--duration", "5s"}));

  expect_exit(recording.outcome, 0);
  expect_no_copy(recording, 1);
  expect_read_out_as_inherent(recording);
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.width, width);
  EXPECT_EQ(facts.height, height);
  EXPECT_EQ(facts.frames, recording.count("/frames/delivered"));
  const std::vector<Picture> pictures = decode(recording.path);
  ASSERT_GT(pictures.size(), 30U) << recording.outcome;
  expect_patches(pictures.front(), matrix_of(facts));
  expect_patches(pictures.back(), matrix_of(facts));
  const std::vector<int64_t> counters = counters_of(pictures);
  const auto seen = static_cast<double>(expect_monotonic(counters));
  // The client's own count between the first picture and the last.
  const auto drawn = static_cast<double>(counters.back() - counters.front() + 1);
  EXPECT_GT(drawn, 20);
  EXPECT_NEAR(seen, drawn, 2);
  EXPECT_NEAR(static_cast<double>(recording.count("/frames/distinct")), drawn, 2);
}

INSTANTIATE_TEST_SUITE_P(Of, Desktop,
                         testing::Values(DesktopCase{"screen", whole_screen},
                                         DesktopCase{"monitor", one_monitor},
                                         DesktopCase{"region", one_region},
                                         DesktopCase{"covered_window", covered_window}),
                         [](const auto& one) { return one.param.name; });

TEST(DesktopProof, agrees_in_all_three_legs) {
  if (sanitized)
    GTEST_SKIP() << "the volume witness cannot be preloaded before a sanitizer; the "
                    "build without sanitizers runs this";
  const Scene scene = whole_screen();
  const TempFolder folder;
  Order order = order_for(scene, {"--frames", "30", "--cursor", "yes"});
  order.environment["MILLRACE_VALIDATE"] = "1";
  order.environment["LD_PRELOAD"] = millrace_witness;
  const Recording recording = record(folder, order);
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.at("/proof/holds"), true) << recording.outcome;
  for (const std::string leg : {"identity", "windows", "volume"}) {
    EXPECT_EQ(recording.text("/proof/" + leg + "/verdict"), "agrees") << recording.outcome;
  }
}

TEST(DesktopPointer, is_in_the_picture_where_it_is_wanted) {
  const Scene scene = open_scene(size + "x24", {"--cursor"});
  scene.client->tell("pause");
  scene.desk->move_pointer(100, 150);
  const TempFolder folder;
  Order order{.options = {"-s", "x11:", "--frames", "10", "--qp", "18"},
              .environment = {{"DISPLAY", scene.xvfb->display()}}};
  const Recording recording = record(folder, order);
  expect_exit(recording.outcome, 0);
  const std::vector<Picture> pictures = decode(recording.path);
  ASSERT_EQ(pictures.size(), 10U);
  // The client's pointer is a red square of 16x16 whose top left corner points.
  expect_colour(pictures.back(), 108, 158, {1, 0, 0}, matrix_of(facts_of(recording.path)));
}

/// The file is made once everything before it works; then a few frames go by.
void wait_until_it_records(const std::string& path) {
  const auto limit = std::chrono::steady_clock::now() + 30s;
  while (!std::filesystem::exists(path) && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(5ms);
  }
  std::this_thread::sleep_for(700ms);
}

/// Records in the background, while the test changes something.
class Running {
 public:
  Running(const TempFolder& folder, const Order& order)
      : recording_(
            std::async(std::launch::async, [&folder, order] { return record(folder, order); })) {
    wait_until_it_records(folder.file(order.output));
  }

  static void wait() { std::this_thread::sleep_for(700ms); }

  Recording end() { return recording_.get(); }

 private:
  std::future<Recording> recording_;
};

TEST(DesktopPace, skips_whole_slots_after_a_halt_and_counts_them) {
  const Scene scene = whole_screen();
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  Child child({.arguments = {"record", "--json", "--device", "software", "-s", "x11:", "--fps",
                             "60", "--duration", "3s", "-o", path},
               .environment = {{"DISPLAY", scene.xvfb->display()}}});
  wait_until_it_records(path);
  child.send(SIGSTOP);
  std::this_thread::sleep_for(500ms);
  child.send(SIGCONT);
  const Outcome outcome = child.wait();

  expect_exit(outcome, 0);
  const nlohmann::json summary = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(summary.is_object()) << outcome;
  const uint64_t captured = summary["frames"]["captured"];
  const uint64_t skipped = summary["frames"]["skipped"];
  EXPECT_GE(skipped, 20U) << outcome;
  EXPECT_LE(captured + skipped, 180U) << outcome;
  EXPECT_GE(captured + skipped, 165U) << outcome;  // but those that were skipped at the end
  const std::vector<Moment> moments = moments_of(path);
  ASSERT_EQ(moments.size(), captured);
  double longest = 0;
  for (size_t at = 1; at < moments.size(); ++at) {
    longest = std::max(longest, moments[at].seconds - moments[at - 1].seconds);
  }
  EXPECT_GT(longest, 0.4);
  EXPECT_LE(moments.back().seconds, 3.0);
}

/// It plays from end to end in the size that it began with. Returns its pictures.
std::vector<Picture> expect_whole_file(const Recording& recording) {
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.width, width);
  EXPECT_EQ(facts.height, height);
  EXPECT_GT(facts.frames, 20U);
  std::vector<Picture> pictures = decode(recording.path);
  EXPECT_EQ(pictures.size(), facts.frames);
  return pictures;
}

/// Some picture is black at (x, y), where another is not.
void expect_letterboxed(const std::vector<Picture>& pictures, uint32_t x, uint32_t y) {
  const auto is_black = [&](const Picture& picture) { return picture.yuv_at(x, y)[0] <= 18; };
  const auto black = std::ranges::count_if(pictures, is_black);
  EXPECT_GT(black, 0);
  EXPECT_LT(black, static_cast<long>(pictures.size()));
}

TEST(DesktopChange, of_the_windows_size_is_letterboxed_and_said) {
  const Scene scene = one_window();
  const TempFolder folder;
  Order order = order_for(scene, {"--duration", "3s"});
  order.environment["MILLRACE_VALIDATE"] = "1";
  Running running(folder, order);
  scene.client->tell("resize 448x168");
  Running::wait();
  scene.client->tell("resize " + size);
  const Recording recording = running.end();

  expect_exit(recording.outcome, 0);
  const std::vector<Picture> pictures = expect_whole_file(recording);
  expect_letterboxed(pictures, width / 2, 20);
  const std::vector<int64_t> counters = counters_of(pictures);
  EXPECT_GE(counters.front(), 0);
  EXPECT_GT(counters.back(), counters.front());
  EXPECT_EQ(recording.count("/copies/bytes"), 0U);
  EXPECT_GT(recording.at("/transforms/per_frame").get<double>(), 1.0) << recording.outcome;
  EXPECT_NE(recording.outcome.err.find("448x168"), std::string::npos) << recording.outcome;
  for (const std::string leg : {"identity", "windows"}) {
    EXPECT_EQ(recording.text("/proof/" + leg + "/verdict"), "agrees") << recording.outcome;
  }
}

TEST(DesktopChange, to_a_closed_window_ends_the_recording_well) {
  const Scene scene = one_window();
  const TempFolder folder;
  Running running(folder, order_for(scene, {"--duration", "60s"}));
  scene.client->tell("close");
  const Recording recording = running.end();

  expect_exit(recording.outcome, 0);
  expect_monotonic(counters_of(expect_whole_file(recording)));
  EXPECT_NE(recording.outcome.err.find("closed"), std::string::npos) << recording.outcome;
}

TEST(DesktopChange, of_the_screens_size_is_letterboxed_and_said) {
  const Scene scene = whole_screen();
  const TempFolder folder;
  Running running(folder, order_for(scene, {"--duration", "3s"}));
  scene.desk->set_screen_size(width, height / 2);
  Running::wait();
  scene.desk->set_screen_size(width, height);
  const Recording recording = running.end();

  expect_exit(recording.outcome, 0);
  expect_letterboxed(expect_whole_file(recording), width / 2, 20);
  EXPECT_GT(recording.at("/transforms/per_frame").get<double>(), 1.0) << recording.outcome;
  EXPECT_NE(recording.outcome.err.find("448x168"), std::string::npos) << recording.outcome;
}

TEST(DesktopChange, to_a_dead_server_leaves_a_whole_file_and_exits_with_6) {
  const Scene scene = whole_screen();
  const TempFolder folder;
  Running running(folder, order_for(scene, {"--duration", "60s"}));
  scene.xvfb->kill();
  const Recording recording = running.end();

  expect_exit(recording.outcome, 6);
  expect_monotonic(counters_of(expect_whole_file(recording)));
}

TEST(DesktopRefusal, of_what_is_not_there_exits_with_3_and_leaves_no_file) {
  const Scene scene = whole_screen();
  const TempFolder folder;
  for (const std::string source : {"window:0x7ffffff", "monitor:NONE"}) {
    Order order = order_for(scene);
    order.options[1] = source;
    const Recording recording = record(folder, order);
    expect_exit(recording.outcome, 3);
    EXPECT_EQ(folder.names(), Words{}) << source;
  }
}

}  // namespace
}  // namespace millrace::recording
