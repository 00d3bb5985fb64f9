// SPDX-License-Identifier: MIT
#include "hw/x11/xwayland.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

using Names = std::vector<std::string>;

TEST(Xwayland, is_known_by_the_names_of_its_outputs) {
  EXPECT_TRUE(are_xwayland_outputs(Names{"XWAYLAND0"}));
  EXPECT_TRUE(are_xwayland_outputs(Names{"XWAYLAND0", "XWAYLAND1"}));
}

TEST(Xwayland, is_not_seen_in_the_outputs_of_other_servers) {
  EXPECT_FALSE(are_xwayland_outputs(Names{}));
  EXPECT_FALSE(are_xwayland_outputs(Names{"screen"}));
  EXPECT_FALSE(are_xwayland_outputs(Names{"HDMI-1", "eDP-1", "VNC-XWAYLAND", "XWAY"}));
}

}  // namespace
}  // namespace millrace::x11
