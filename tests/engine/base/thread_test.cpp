// SPDX-License-Identifier: MIT
#include "engine/base/thread.h"

#include <array>
#include <string>

#include <pthread.h>

#include <gtest/gtest.h>

namespace millrace {
namespace {

std::string name_within(const std::string& name) {
  std::string seen;
  {
    const std::jthread thread = start_thread(name, [&seen](const std::stop_token&) {
      std::array<char, 16> text{};
      pthread_getname_np(pthread_self(), text.data(), text.size());
      seen = text.data();
    });
  }
  return seen;
}

TEST(Thread, carries_its_name) {
  EXPECT_EQ(name_within("lane:source"), "lane:source");
}

TEST(Thread, keeps_the_first_fifteen_bytes_of_a_long_name) {
  EXPECT_EQ(name_within("lane:source-of-many-frames"), "lane:source-of-");
}

TEST(Thread, is_asked_to_stop_and_joined_when_its_handle_dies) {
  bool stopped = false;
  {
    const std::jthread thread = start_thread("waits", [&stopped](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      stopped = true;
    });
  }
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace millrace
