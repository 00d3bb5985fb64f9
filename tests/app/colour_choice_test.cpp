// SPDX-License-Identifier: MIT
#include "app/colour_choice.h"

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

VideoFormat source(PixelFormat format, const Colour& colour) {
  return {format, 64, 64, {30, 1}, colour};
}

TEST(ColourChoice, converts_rgb_to_what_is_wished) {
  const VideoFormat rgb = source(PixelFormat::bgrx, {});

  EXPECT_EQ(value_of(encoded_colour(rgb, {})), bt709_limited);
  const Colour colour = value_of(encoded_colour(rgb, {ColourMatrix::bt601, ColourRange::full}));
  EXPECT_EQ(colour.matrix, ColourMatrix::bt601);
  EXPECT_EQ(colour.range, ColourRange::full);
}

TEST(ColourChoice, keeps_the_colour_of_yuv) {
  const Colour own{ColourRange::limited, ColourPrimaries::bt470bg, ColourTransfer::bt601,
                   ColourMatrix::bt470bg};

  EXPECT_EQ(value_of(encoded_colour(source(PixelFormat::i420, own), {})), own);
  EXPECT_EQ(value_of(encoded_colour(source(PixelFormat::i420, own), {ColourMatrix::bt601, {}})),
            own)
      << "BT.470 BG and BT.601 have the same coefficients";
}

TEST(ColourChoice, fills_in_what_yuv_does_not_say) {
  const Colour colour = value_of(
      encoded_colour(source(PixelFormat::nv12, {}), {ColourMatrix::bt709, ColourRange::full}));

  EXPECT_EQ(colour.matrix, ColourMatrix::bt709);
  EXPECT_EQ(colour.range, ColourRange::full);
}

TEST(ColourChoice, refuses_to_relabel_yuv) {
  const VideoFormat yuv = source(PixelFormat::nv12, bt709_limited);

  EXPECT_HAS(error_of(encoded_colour(yuv, {ColourMatrix::bt601, {}})).what, "--matrix bt601");
  EXPECT_HAS(error_of(encoded_colour(yuv, {{}, ColourRange::full})).what, "--range full");
}

}  // namespace
}  // namespace millrace::app
