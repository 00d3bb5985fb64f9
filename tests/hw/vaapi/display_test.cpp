// SPDX-License-Identifier: MIT
#include "hw/vaapi/display.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "hw/vaapi/caps.h"
#include "hw/vaapi/find_display.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {
namespace {

bool has_render_node() {
  return std::filesystem::exists("/dev/dri/renderD128");
}

size_t open_descriptors() {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                           std::filesystem::directory_iterator()));
}

TEST(Display, needs_no_device_for_a_driver_in_software) {
  const std::shared_ptr<Display> display = testing::software_driver();
  EXPECT_EQ(display->driver(), "millrace");
  EXPECT_TRUE(display->is_software());
  EXPECT_EQ(display->node(), "");
  EXPECT_NE(display->vendor(), "");
  EXPECT_NE(display->driver_path().find("millrace_drv_video.so"), std::string::npos);
}

TEST(Display, opens_and_closes_again_and_again_without_leaving_anything) {
  static_cast<void>(testing::software_driver());
  const size_t before = open_descriptors();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(testing::software_driver()->is_software());
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Display, can_be_open_several_times_at_once) {
  const std::shared_ptr<Display> one = testing::software_driver();
  const std::shared_ptr<Display> other = testing::software_driver("rc=cqp");
  EXPECT_NE(one->vendor(), other->vendor());
}

TEST(Display, says_which_driver_it_could_not_load) {
  static_cast<void>(testing::software_driver());
  const Result<std::shared_ptr<Display>> display = Display::open_without_device("no-such-driver");
  ASSERT_FALSE(display);
  EXPECT_EQ(display.error().kind, ErrorKind::unavailable);
  EXPECT_NE(display.error().what.find("no-such-driver"), std::string::npos);
  EXPECT_FALSE(display.error().remedy.empty());
}

TEST(Display, passes_on_why_a_driver_refuses_to_start) {
  const Result<std::shared_ptr<Display>> display = testing::open_software_driver("no-such-knob=1");
  ASSERT_FALSE(display);
  EXPECT_NE(display.error().what.find("no-such-knob"), std::string::npos) << display.error().what;
}

TEST(Display, names_a_node_that_is_not_there) {
  const Result<std::shared_ptr<Display>> display = Display::open_node("/dev/dri/renderD199");
  ASSERT_FALSE(display);
  EXPECT_EQ(display.error().kind, ErrorKind::unavailable);
  EXPECT_NE(display.error().what.find("renderD199"), std::string::npos);
}

TEST(Display, refuses_a_file_that_is_no_drm_device) {
  const Result<std::shared_ptr<Display>> display = Display::open_node("/dev/null");
  ASSERT_FALSE(display);
  EXPECT_EQ(display.error().kind, ErrorKind::unavailable);
}

TEST(FindDisplay, ends_at_the_software_driver_where_there_is_no_device) {
  if (has_render_node()) GTEST_SKIP() << "this machine has a render node";
  static_cast<void>(testing::software_driver());
  const Result<FoundDisplay> found = find_display({});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_TRUE(found->display->is_software());
}

TEST(FindDisplay, does_not_fall_back_from_a_device_that_was_named) {
  const Result<FoundDisplay> found = find_display("/dev/dri/renderD199");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::unavailable);
  EXPECT_NE(found.error().what.find("renderD199"), std::string::npos);
}

TEST(FindDisplay, says_once_why_a_device_that_was_named_is_no_use) {
  const Result<FoundDisplay> found = find_display("/nowhere/card");
  ASSERT_FALSE(found);
  const std::string& what = found.error().what;
  EXPECT_NE(what.find("/nowhere/card"), std::string::npos);
  EXPECT_EQ(what.find("/nowhere/card"), what.rfind("/nowhere/card")) << what;
}

TEST(FindDisplay, says_everything_that_it_tried) {
  if (has_render_node()) GTEST_SKIP() << "this machine has a render node";
  ::setenv("LIBVA_DRIVERS_PATH", "/nowhere", 1);
  const Result<FoundDisplay> found = find_display({});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::unavailable);
  EXPECT_NE(found.error().what.find("millrace"), std::string::npos);
}

TEST(Caps, keep_the_call_and_the_raw_answer_of_every_attribute) {
  const std::shared_ptr<Display> display = testing::software_driver();
  const Result<std::vector<EncodeCaps>> ways = probe_h264(*display);
  ASSERT_TRUE(ways) << ways.error().what;
  ASSERT_EQ(ways->size(), 3U);  // High, Main, Constrained Baseline
  EXPECT_EQ(ways->front().profile, VAProfileH264High);
  EXPECT_EQ(ways->front().h264_profile(), H264Profile::high);
  ASSERT_TRUE(ways->front().rate_control.value);
  EXPECT_EQ(ways->front().rate_control.why.origin, Origin::queried);
  EXPECT_NE(
      ways->front().rate_control.why.raw.find(std::to_string(*ways->front().rate_control.value)),
      std::string::npos);
}

TEST(Caps, are_asked_for_each_entry_point) {
  const Result<std::vector<EncodeCaps>> ways =
      probe_h264(*testing::software_driver("entrypoint=lp"));
  ASSERT_TRUE(ways);
  ASSERT_FALSE(ways->empty());
  EXPECT_EQ(ways->front().entrypoint, VAEntrypointEncSliceLP);
}

}  // namespace
}  // namespace millrace::vaapi
