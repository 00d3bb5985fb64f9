// SPDX-License-Identifier: MIT
#include "hw/x11/area.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

TEST(Area, is_cut_to_what_the_other_covers) {
  EXPECT_EQ(intersect({-10, 20, 100, 100}, {0, 0, 640, 100}), (Area{0, 20, 90, 80}));
  EXPECT_EQ(intersect({600, 400, 100, 100}, {0, 0, 640, 480}), (Area{600, 400, 40, 80}));
}

TEST(Area, meets_nothing_that_only_touches_it) {
  EXPECT_FALSE(intersect({640, 0, 10, 10}, {0, 0, 640, 480}));
  EXPECT_FALSE(intersect({0, 0, 0, 10}, {0, 0, 640, 480}));
}

TEST(Area, does_not_overflow_at_the_ends_of_its_numbers) {
  const Area far{INT32_MAX, INT32_MAX, UINT32_MAX, UINT32_MAX};
  EXPECT_FALSE(intersect(far, {0, 0, 640, 480}));
  EXPECT_EQ(intersect({INT32_MIN, 0, UINT32_MAX, 10}, {0, 0, 640, 480}), (Area{0, 0, 640, 10}));
}

TEST(Area, is_written_as_x11_writes_it) {
  EXPECT_EQ(size_text({5, 6, 640, 480}), "640x480");
  EXPECT_EQ(place_text({5, -6, 640, 480}), "640x480+5-6");
}

}  // namespace
}  // namespace millrace::x11
