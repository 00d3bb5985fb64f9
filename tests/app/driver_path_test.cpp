// SPDX-License-Identifier: MIT
#include "app/driver_path.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

TEST(DriverPath, puts_our_driver_behind_the_systems) {
  EXPECT_EQ(driver_search_path("", "/usr/lib/dri", "/opt/dri"), "/usr/lib/dri:/opt/dri");
}

TEST(DriverPath, puts_our_driver_behind_the_users) {
  EXPECT_EQ(driver_search_path("/opt/users/dri", "/usr/lib/dri", "/opt/dri"),
            "/opt/users/dri:/opt/dri");
}

TEST(DriverPath, is_the_systems_where_ours_is_not_installed) {
  EXPECT_EQ(driver_search_path("", "/usr/lib/dri", ""), "/usr/lib/dri");
}

TEST(DriverPath, finds_our_driver_beside_the_program) {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder.file("bin"));
  EXPECT_EQ(software_driver_folder(folder.file("bin")), "");

  std::filesystem::create_directories(folder.file("lib/dri"));
  static_cast<void>(folder.write("lib/dri/millrace_drv_video.so", ""));

  EXPECT_EQ(software_driver_folder(folder.file("bin")), folder.file("lib/dri"));
}

}  // namespace
}  // namespace millrace::app
