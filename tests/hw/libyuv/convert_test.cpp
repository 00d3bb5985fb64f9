// SPDX-License-Identifier: MIT
#include "hw/libyuv/convert.h"

#include <random>

#include <gtest/gtest.h>

#include "engine/stages/paint.h"
#include "tests/hw/libyuv/pictures.h"

namespace millrace::yuv::testing {
namespace {

VideoFormat video_of(PixelFormat format, uint32_t width, uint32_t height) {
  return {.format = format, .width = width, .height = height};
}

Picture converted(const Picture& in, VideoFormat out) {
  out.format = PixelFormat::nv12;
  Picture result(out);
  convert_to_nv12(in.video(), in.readable(), out, result.writable());
  return result;
}

/// Every byte of the visible rows, by where it stands.
void fill_with_pattern(Picture& picture) {
  for (size_t plane = 0; plane < facts(picture.video().format).plane_count; ++plane) {
    const PlaneExtent extent = visible_extent(picture.video().format, plane, picture.video().width,
                                              picture.video().height);
    for (size_t row = 0; row < extent.rows; ++row) {
      for (size_t byte = 0; byte < extent.row_bytes; ++byte) {
        picture.at(plane, byte, row) = static_cast<uint8_t>(37 * plane + 7 * row + 3 * byte);
      }
    }
  }
}

constexpr Rgb colours[] = {{255, 255, 255}, {0, 0, 0},     {255, 0, 0},   {0, 255, 0},
                           {0, 0, 255},     {255, 255, 0}, {0, 255, 255}, {255, 0, 255},
                           {128, 128, 128}, {191, 64, 12}, {1, 254, 77},  {17, 3, 240}};

constexpr Colour tags[] = {
    {ColourRange::limited, ColourPrimaries::bt601, ColourTransfer::bt601, ColourMatrix::bt601},
    {ColourRange::full, ColourPrimaries::bt601, ColourTransfer::bt601, ColourMatrix::bt601},
    {ColourRange::limited, ColourPrimaries::bt709, ColourTransfer::bt709, ColourMatrix::bt709},
    {ColourRange::full, ColourPrimaries::bt709, ColourTransfer::bt709, ColourMatrix::bt709}};

void expect_patch(PixelFormat format, Rgb colour, const Colour& tag) {
  VideoFormat out = video_of(PixelFormat::nv12, 38, 6);
  out.colour = tag;
  Picture result = converted(patch(video_of(format, 38, 6), colour), out);

  const Yuv expected = expected_yuv(colour, tag);
  for (const size_t x : {size_t{0}, size_t{17}, size_t{37}}) {
    EXPECT_NEAR(result.at(0, x, 3), expected.y, 3);
    EXPECT_NEAR(result.at(1, x / 2 * 2, 1), expected.u, 3);
    EXPECT_NEAR(result.at(1, x / 2 * 2 + 1, 1), expected.v, 3);
  }
  EXPECT_TRUE(result.padding_is_untouched());
}

TEST(Convert, makes_rgb_agree_with_every_matrix_and_range) {
  for (const PixelFormat format : {PixelFormat::bgrx, PixelFormat::rgba}) {
    for (const Colour& tag : tags) {
      for (const Rgb& colour : colours) {
        SCOPED_TRACE(::testing::Message()
                     << to_string(format) << " matrix " << int(tag.matrix) << " range "
                     << int(tag.range) << " rgb " << int(colour.red) << ' ' << int(colour.green)
                     << ' ' << int(colour.blue));
        expect_patch(format, colour, tag);
      }
    }
  }
}

TEST(Convert, keeps_grey_grey_and_the_ends_of_the_range_exact) {
  for (const Colour& tag : tags) {
    for (unsigned level = 0; level < 256; level += 5) {
      const auto grey = static_cast<uint8_t>(level);
      VideoFormat out = video_of(PixelFormat::nv12, 16, 2);
      out.colour = tag;
      Picture result =
          converted(patch(video_of(PixelFormat::bgrx, 16, 2), {grey, grey, grey}), out);

      EXPECT_NEAR(result.at(0, 5, 0), expected_yuv({grey, grey, grey}, tag).y, 1) << level;
      EXPECT_NEAR(result.at(1, 4, 0), 128, 1) << level;
      EXPECT_NEAR(result.at(1, 5, 0), 128, 1) << level;
    }
  }
}

/// One column of `in` two pixels wide, from `x` on: too narrow for vector instructions.
Picture slice(Picture& in, size_t x) {
  Picture result(video_of(in.video().format, 2, in.video().height));
  for (size_t row = 0; row < in.video().height; ++row) {
    for (size_t byte = 0; byte < 8; ++byte) {
      result.at(0, byte, row) = in.at(0, 4 * x + byte, row);
    }
  }
  return result;
}

Picture noise(const VideoFormat& video) {
  Picture picture(video);
  std::minstd_rand random(video.width);
  for (size_t row = 0; row < video.height; ++row) {
    for (size_t byte = 0; byte < size_t{4} * video.width; ++byte) {
      picture.at(0, byte, row) = static_cast<uint8_t>(random() >> 8U);
    }
  }
  return picture;
}

void expect_same_columns(Picture& whole, size_t x, Picture& narrow) {
  for (size_t row = 0; row < narrow.video().height; ++row) {
    for (const size_t side : {0U, 1U}) {
      EXPECT_EQ(whole.at(0, x + side, row), narrow.at(0, side, row)) << x << ' ' << row;
      EXPECT_EQ(whole.at(1, x + side, row / 2), narrow.at(1, side, row / 2)) << x << ' ' << row;
    }
  }
}

void expect_same_in_slices(PixelFormat format, uint32_t width, const Colour& tag) {
  Picture in = noise(video_of(format, width, 6));
  VideoFormat out = in.video();
  out.colour = tag;
  Picture whole = converted(in, out);
  out.width = 2;
  for (size_t x = 0; x < width; x += 2) {
    Picture narrow = converted(slice(in, x), out);
    expect_same_columns(whole, x, narrow);
  }
  EXPECT_TRUE(whole.padding_is_untouched());
}

TEST(Convert, makes_of_a_wide_row_what_it_makes_of_narrow_ones_bit_by_bit) {
  for (const PixelFormat format : {PixelFormat::bgrx, PixelFormat::rgba}) {
    for (const Colour& tag : {tags[1], tags[2], tags[3]}) {  // tags[0] is libyuv's own
      for (const uint32_t width : {30U, 32U, 34U, 64U, 126U, 640U}) {
        SCOPED_TRACE(::testing::Message() << to_string(format) << " matrix " << int(tag.matrix)
                                          << " range " << int(tag.range) << " width " << width);
        expect_same_in_slices(format, width, tag);
      }
    }
  }
}

TEST(Convert, moves_the_samples_of_i420_unchanged) {
  Picture in(video_of(PixelFormat::i420, 34, 6));
  fill_with_pattern(in);

  Picture result = converted(in, in.video());

  for (size_t x = 0; x < 34; ++x) EXPECT_EQ(result.at(0, x, 5), in.at(0, x, 5));
  for (size_t x = 0; x < 17; ++x) {
    EXPECT_EQ(result.at(1, 2 * x, 2), in.at(1, x, 2));
    EXPECT_EQ(result.at(1, 2 * x + 1, 2), in.at(2, x, 2));
  }
  EXPECT_TRUE(result.padding_is_untouched());
}

TEST(Convert, pads_an_odd_size_by_repeating_the_edge) {
  for (const PixelFormat format :
       {PixelFormat::i420, PixelFormat::nv12, PixelFormat::p010, PixelFormat::bgrx}) {
    Picture in(video_of(format, 33, 5));
    fill_with_pattern(in);

    Picture result = converted(in, video_of(PixelFormat::nv12, 34, 6));

    for (size_t row = 0; row < 6; ++row) {
      EXPECT_EQ(result.at(0, 33, row), result.at(0, 32, row)) << to_string(format);
    }
    for (size_t x = 0; x < 34; ++x) {
      EXPECT_EQ(result.at(0, x, 5), result.at(0, x, 4)) << to_string(format);
    }
    EXPECT_TRUE(result.padding_is_untouched()) << to_string(format);
  }
}

TEST(Convert, means_the_two_rows_that_share_a_chroma_sample_of_yuyv) {
  Picture in(video_of(PixelFormat::yuyv, 34, 2));
  fill_with_pattern(in);

  Picture result = converted(in, in.video());

  for (size_t x = 0; x < 34; ++x) EXPECT_EQ(result.at(0, x, 1), in.at(0, 2 * x, 1));
  const int mean = (in.at(0, 1, 0) + in.at(0, 1, 1) + 1) / 2;
  EXPECT_NEAR(result.at(1, 0, 0), mean, 1);
}

TEST(Convert, keeps_the_upper_eight_of_ten_bits) {
  Picture in(video_of(PixelFormat::p010, 36, 4));
  fill_with_pattern(in);

  Picture result = converted(in, in.video());

  for (size_t x = 0; x < 36; ++x) {
    EXPECT_EQ(result.at(0, x, 3), in.at(0, 2 * x + 1, 3));
    EXPECT_EQ(result.at(1, x, 1), in.at(1, 2 * x + 1, 1));
  }
}

TEST(Convert, can_make_nv12_of_everything_that_is_drawn_and_nothing_else) {
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    EXPECT_EQ(can_convert(format.format, PixelFormat::nv12), can_paint(format.format))
        << format.name;
    EXPECT_FALSE(can_convert(format.format, PixelFormat::i420)) << format.name;
  }
}

}  // namespace
}  // namespace millrace::yuv::testing
