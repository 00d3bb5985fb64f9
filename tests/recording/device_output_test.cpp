// SPDX-License-Identifier: MIT
// -o names a V4L2 device: what the program refuses before a frame is made.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <gtest/gtest.h>

#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

constexpr const char* absent = "/dev/video4711";

Words bars_into(const std::string& output, const Words& more = {}) {
  Words words = {"record", "-s", "test:bars", "--size", "64x64", "--frames", "3", "-o", output};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

void expect_refusal(const Outcome& outcome, int code, const std::string& object) {
  expect_exit(outcome, code);
  EXPECT_NE(outcome.err.find("error[E000" + std::to_string(code) + "]"), std::string::npos)
      << outcome;
  EXPECT_NE(outcome.err.find(object), std::string::npos) << outcome;
  EXPECT_TRUE(outcome.out.empty()) << outcome;
}

/// A node in `folder` that no driver stands behind; empty where none can be made or opened, which
/// takes a privilege and a file system that is not mounted `nodev`.
std::string node_without_driver(const TempFolder& folder) {
  constexpr unsigned video_major = 81;
  constexpr unsigned no_minor = 4711;
  const std::string path = folder.file("video0");
  if (mknod(path.c_str(), S_IFCHR | 0666, makedev(video_major, no_minor)) != 0) return {};
  const UniqueFd opened(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  return errno == ENXIO || errno == ENODEV ? path : std::string();
}

TEST(DeviceOutput, that_is_not_there_ends_with_3) {
  expect_refusal(millrace(bars_into(absent)), 3, absent);
  EXPECT_FALSE(std::filesystem::exists(absent));
}

TEST(DeviceOutput, refuses_options_for_encoding_and_files_with_2) {
  for (const Words& option :
       {Words{"--qp", "20"}, Words{"--bitrate", "4M"}, Words{"--keyint", "1s"},
        Words{"--device", "software"}, Words{"--container", "mkv"}, Words{"--min-free", "1GiB"},
        Words{"--overwrite", "always"}, Words{"--on-saved", "true"}, Words{"--memory", "cpu"}}) {
    expect_refusal(millrace(bars_into(absent, option)), 2, option.front());
  }
}

TEST(DeviceOutput, without_a_driver_ends_with_3) {
  const TempFolder folder;
  const std::string node = node_without_driver(folder);
  if (node.empty()) GTEST_SKIP() << "device nodes cannot be made here: " << std::strerror(errno);

  expect_refusal(millrace(bars_into(node)), 3, node);
}

TEST(DeviceOutput, that_is_not_for_this_user_ends_with_4_and_names_the_group) {
  const TempFolder folder;
  const std::string node = node_without_driver(folder);
  if (node.empty()) GTEST_SKIP() << "device nodes cannot be made here: " << std::strerror(errno);
  std::filesystem::permissions(node, std::filesystem::perms::none);

  const Outcome outcome = run({.arguments = bars_into(node), .bound_by_permissions = true});

  expect_refusal(outcome, 4, node);
  EXPECT_NE(outcome.err.find("group"), std::string::npos) << outcome;
}

}  // namespace
}  // namespace millrace::recording
