// SPDX-License-Identifier: MIT
#include "hw/avformat/container.h"

#include <gtest/gtest.h>

namespace millrace::avformat {
namespace {

TEST(Container, follows_the_extension_unless_it_is_named) {
  EXPECT_EQ(*resolve_container(Container::automatic, "a.mkv"), Container::mkv);
  EXPECT_EQ(*resolve_container(Container::automatic, "b.MP4"), Container::fmp4);
  EXPECT_EQ(*resolve_container(Container::automatic, "c.h264"), Container::h264);
  EXPECT_EQ(*resolve_container(Container::mp4, "d.mkv"), Container::mp4);
}

TEST(Container, is_matroska_where_it_can_only_be_read_in_order) {
  EXPECT_EQ(*resolve_container(Container::automatic, "-"), Container::mkv);
  EXPECT_EQ(*resolve_container(Container::automatic, "/dev/null"), Container::mkv);
  EXPECT_EQ(*resolve_container(Container::fmp4, "-"), Container::fmp4);
}

TEST(Container, says_what_to_do_about_an_unknown_extension) {
  for (const char* const path : {"a.avi", "noext", "dir.mkv/file", ""}) {
    const auto container = resolve_container(Container::automatic, path);
    ASSERT_FALSE(container) << path;
    EXPECT_EQ(container.error().kind, ErrorKind::usage);
    EXPECT_NE(container.error().remedy.find("--container"), std::string::npos);
  }
}

TEST(Container, goes_by_the_names_that_users_type) {
  for (const char* const name : {"auto", "mkv", "mp4", "fmp4", "h264"}) {
    const auto container = container_named(name);
    ASSERT_TRUE(container) << name;
    EXPECT_EQ(to_string(*container), name);
  }
  EXPECT_FALSE(container_named("avi"));
}

}  // namespace
}  // namespace millrace::avformat
