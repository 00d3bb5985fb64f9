// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_device.h"

#include <cerrno>
#include <vector>

#include <gtest/gtest.h>

#include "tests/hw/v4l2/fake_device.h"

namespace millrace::v4l2::test {
namespace {

const VideoFormat nv12{PixelFormat::nv12, 640, 360, {30, 1}, bt709_limited};
const VideoFormat i420{PixelFormat::i420, 640, 360, {30, 1}, bt709_limited};

Error open_error(const FakeTraits& traits) {
  FakeDevice fake(traits);
  const auto device = OutputDevice::open("/dev/video9", fake);
  EXPECT_FALSE(device);
  return device ? Error{} : device.error();
}

void expect_refused(const FakeTraits& traits, ErrorKind kind, const std::string& reason) {
  const Error error = open_error(traits);
  EXPECT_EQ(error.kind, kind) << error.what;
  EXPECT_NE(error.what.find("/dev/video9"), std::string::npos) << error.what;
  EXPECT_NE(error.what.find(reason), std::string::npos) << error.what;
  EXPECT_FALSE(error.remedy.empty()) << error.what;
}

TEST(OutputDevice, is_refused_where_it_cannot_be_opened) {
  expect_refused({.open_error = ENOENT}, ErrorKind::unavailable, "No such file");
  expect_refused({.open_error = EBUSY}, ErrorKind::unavailable, "another program uses it");
  expect_refused({.open_error = EACCES}, ErrorKind::denied, "Permission denied");
  EXPECT_NE(open_error({.open_error = EACCES}).remedy.find("group"), std::string::npos);
}

TEST(OutputDevice, is_refused_where_it_takes_no_frames) {
  expect_refused({.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING}, ErrorKind::usage,
                 "it only gives them");
  expect_refused({.capabilities = V4L2_CAP_VIDEO_OUTPUT}, ErrorKind::usage,
                 "neither by write nor by streaming");
}

TEST(OutputDevice, says_that_a_loopback_device_is_fed_by_another_program) {
  expect_refused({.driver = "v4l2 loopback", .capabilities = V4L2_CAP_VIDEO_CAPTURE},
                 ErrorKind::unavailable, "another program feeds");
}

TEST(OutputDevice, lends_no_buffers_of_v4l2loopback) {
  FakeDevice loopback({.driver = "v4l2 loopback"});
  FakeDevice other;

  EXPECT_FALSE(OutputDevice::open("/dev/video9", loopback).take()->facts().lends);
  EXPECT_TRUE(OutputDevice::open("/dev/video9", other).take()->facts().lends);
}

TEST(OutputDevice, takes_the_first_wish_that_it_can) {
  FakeDevice fake({.codes = {V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_NV12}});
  const auto device = OutputDevice::open("/dev/video9", fake).take();

  EXPECT_EQ(device->choose(std::vector<Wish>{{nv12}, {i420}}).take().video, nv12);
  EXPECT_EQ(device->choose(std::vector<Wish>{{i420}, {nv12}}).take().video, i420);
}

TEST(OutputDevice, knows_bgrx_by_its_older_name_too) {
  FakeDevice fake({.codes = {V4L2_PIX_FMT_BGR32}});
  const auto device = OutputDevice::open("/dev/video9", fake).take();
  VideoFormat bgrx = nv12;
  bgrx.format = PixelFormat::bgrx;

  EXPECT_EQ(device->choose(std::vector<Wish>{{bgrx}}).take().code, V4L2_PIX_FMT_BGR32);
}

TEST(OutputDevice, may_have_a_size_of_its_own_where_the_picture_can_be_scaled) {
  FakeDevice fake({.width = 320, .height = 240});
  const auto device = OutputDevice::open("/dev/video9", fake).take();

  const Grant grant = device->choose(std::vector<Wish>{{nv12, true}}).take();

  EXPECT_EQ(grant.video.width, 320U);
  EXPECT_EQ(grant.video.height, 240U);
  EXPECT_FALSE(device->choose(std::vector<Wish>{{nv12, false}}));
}

TEST(OutputDevice, that_takes_nothing_says_what_was_tried_and_what_it_lists) {
  FakeDevice fake({.codes = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_RGB24, V4L2_PIX_FMT_MJPEG}});
  const auto device = OutputDevice::open("/dev/video9", fake).take();

  const Error error = device->choose(std::vector<Wish>{{nv12}, {i420}}).error();

  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.what.find("NV12 640x360 (VIDIOC_TRY_FMT: YUYV"), std::string::npos) << error.what;
  EXPECT_NE(error.what.find("nor I420 640x360"), std::string::npos) << error.what;
  EXPECT_NE(error.remedy.find("lists YUYV."), std::string::npos) << error.remedy;
}

TEST(OutputDevice, that_is_busy_cannot_be_set) {
  for (const FakeTraits& traits : {FakeTraits{.set_error = EBUSY}, {.others_use_it = true}}) {
    FakeDevice fake(traits);
    const auto device = OutputDevice::open("/dev/video9", fake).take();
    const Grant grant = device->choose(std::vector<Wish>{{nv12}}).take();

    const Error error = device->set(grant).error();

    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_NE(error.what.find("another program uses it"), std::string::npos);
  }
}

TEST(OutputDevice, is_believed_about_its_pictures_not_about_its_buffers) {
  FakeDevice fake({.answers_with_pages = true});
  const auto device = OutputDevice::open("/dev/video9", fake).take();
  const Grant grant = device->choose(std::vector<Wish>{{nv12}}).take();

  EXPECT_EQ(device->set(grant).take().image_bytes, 640U * 540);
}

TEST(OutputDevice, that_is_unplugged_is_a_failed_output) {
  FakeDevice fake;
  const auto device = OutputDevice::open("/dev/video9", fake).take();

  const Error error = device->lost("write(2)", ENODEV).value();

  EXPECT_EQ(error.kind, ErrorKind::output_failed);
  EXPECT_EQ(error.what, "feed /dev/video9 (Fake): write(2): No such device");
  EXPECT_NE(error.remedy.find("unplugged"), std::string::npos);
}

}  // namespace
}  // namespace millrace::v4l2::test
