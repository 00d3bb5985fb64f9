// SPDX-License-Identifier: MIT
#include "engine/format/whole_layout.h"

#include <functional>

#include <gtest/gtest.h>

#include "tests/engine/format/printed_layout.h"

namespace millrace::testing {
namespace {

/// 320x240 with 16 pixels on every side.
Layout padded() {
  const VideoAlignment wanted{.top = 16, .bottom = 16, .left = 16, .right = 16};
  return aligned(PixelFormat::nv12, 320, 240, wanted).info.layout;
}

TEST(WholeLayout, is_taken_as_it_was_laid_out_by_whoever_has_its_bytes) {
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    const Layout tight = tight_layout(format.format, 321, 241).take();
    EXPECT_TRUE(check_whole_layout(tight, 321, 241, tight.size)) << format.name;
    const Layout plain = default_layout(format.format, 321, 241).take();
    EXPECT_TRUE(check_whole_layout(plain, 321, 241, plain.size)) << format.name;
  }
  EXPECT_TRUE(check_whole_layout(padded(), 320, 240, padded().size));
  EXPECT_FALSE(check_whole_layout(padded(), 320, 240, padded().size - 1));
}

TEST(WholeLayout, ends_each_plane_with_its_padding) {
  const Layout layout = padded();
  EXPECT_EQ(end_of_plane(layout, 0, 320, 240).value(), uint64_t{352} * 272);
  EXPECT_EQ(end_of_plane(layout, 1, 320, 240).value(), layout.size);
}

TEST(WholeLayout, is_refused_where_a_number_contradicts_the_others) {
  const std::function<void(Layout&)> lies[] = {
      [](Layout& layout) { layout.plane[0].rows = UINT32_MAX; },
      [](Layout& layout) { layout.plane[1].rows = 1000; },
      [](Layout& layout) { layout.plane[1].rows = 119; },
      [](Layout& layout) { layout.plane[0].stride = 319; },
      [](Layout& layout) { layout.plane[1].offset = UINT64_MAX - 4; },
      [](Layout& layout) { layout.left = UINT16_MAX; },
      [](Layout& layout) { layout.top = 18; },
      [](Layout& layout) { layout.coded_width = 335; },
      [](Layout& layout) { layout.coded_height = 255; },
      [](Layout& layout) { layout.size = UINT64_MAX; },
      [](Layout& layout) { layout.size -= 1; },
  };
  size_t number = 0;
  for (const auto& lie : lies) {
    Layout layout = padded();
    const uint64_t bytes = layout.size;
    lie(layout);
    const Result<> checked = check_whole_layout(layout, 320, 240, bytes);
    ASSERT_FALSE(checked) << number;
    EXPECT_EQ(checked.error().kind, ErrorKind::usage) << checked.error().what;
    EXPECT_FALSE(checked.error().remedy.empty());
    ++number;
  }
}

}  // namespace
}  // namespace millrace::testing
