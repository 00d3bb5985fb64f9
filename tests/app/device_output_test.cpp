// SPDX-License-Identifier: MIT
#include "app/device_output.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"
#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

constexpr const char* camera = "/dev/video4711";

Values with_setting(const std::string& key, const std::string& text, const std::string& origin) {
  Values values = Values::built_in();
  EXPECT_TRUE(values.set(key, {.text = text, .origin = origin}));
  return values;
}

TEST(DeviceOutput, is_known_by_its_name_where_it_is_not_there) {
  EXPECT_TRUE(is_video_device(camera));
  EXPECT_FALSE(is_video_device("/dev/video"));
  EXPECT_FALSE(is_video_device("/dev/video1.mkv"));
  EXPECT_FALSE(is_video_device("video1"));
}

TEST(DeviceOutput, is_no_file_and_no_other_device) {
  const ScratchFolder folder;

  EXPECT_FALSE(is_video_device("/dev/null"));
  EXPECT_FALSE(is_video_device(folder.write("a.mkv", "x")));
  EXPECT_FALSE(is_video_device("-"));
}

TEST(DeviceOutput, takes_the_built_in_settings_and_those_of_the_picture) {
  EXPECT_TRUE(check_device_settings(Values::built_in(), camera));
  EXPECT_TRUE(check_device_settings(with_setting("encode.matrix", "bt601", "--matrix"), camera));
  EXPECT_TRUE(check_device_settings(with_setting("output.path", camera, "-o"), camera));
  EXPECT_TRUE(check_device_settings(with_setting("source.fps", "15", "--fps"), camera));
}

TEST(DeviceOutput, refuses_settings_about_encoding_and_files_by_name) {
  struct Setting {
    const char* key;
    const char* text;
    const char* origin;
  };

  for (const Setting& setting :
       {Setting{"encode.qp", "20", "--qp"}, Setting{"encode.bitrate", "4M", "rec.toml:3:8"},
        Setting{"encode.device", "software", "--device"}, Setting{"memory.path", "cpu", "--memory"},
        Setting{"output.container", "mkv", "--container"},
        Setting{"output.min_free", "1GiB", "--min-free"},
        Setting{"output.on_saved", "true", "--on-saved"}}) {
    const Values values = with_setting(setting.key, setting.text, setting.origin);

    const Error error = error_of(check_device_settings(values, camera));

    EXPECT_EQ(error.kind, ErrorKind::usage) << setting.key;
    EXPECT_HAS(error.what, setting.origin);
    EXPECT_HAS(error.what, camera);
    EXPECT_FALSE(error.remedy.empty()) << setting.key;
  }
}

TEST(DeviceOutput, that_is_not_there_is_named_with_a_remedy) {
  OpenSource source;
  source.video = source.encoded = {PixelFormat::nv12, 64, 64, {30, 1}, {}};

  const Error error = error_of(open_device_output(camera, source, {}));

  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_HAS(error.what, camera);
  EXPECT_HAS(error.remedy, "v4l2loopback");
}

}  // namespace
}  // namespace millrace::app
