// SPDX-License-Identifier: MIT
// What comes out: sizes, quantisers, key pictures, rates, the client's own units.
#include <algorithm>
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/decoder.h"

namespace millrace::softva_test {
namespace {

double luma_psnr(const DecodedPicture& picture, uint32_t number) {
  double squares = 0;
  for (size_t i = 0; i < picture.luma.size(); ++i) {
    const size_t x = i % static_cast<size_t>(picture.width);
    const size_t y = i / static_cast<size_t>(picture.width);
    const double difference = static_cast<double>(picture.luma[i]) -
                              static_cast<double>(16 + (x * 2 + y + number * 3) % 200);
    squares += difference * difference;
  }
  const double mean = squares / static_cast<double>(picture.luma.size());
  return mean == 0 ? 99 : 10 * std::log10(255 * 255 / mean);
}

struct SizeCase {
  uint32_t width;
  uint32_t height;
};

class EncodeSize : public testing::TestWithParam<SizeCase> {};

TEST_P(EncodeSize, comes_back_exact_and_close_to_the_source) {
  const Display display;
  Client client(display, {.width = GetParam().width, .height = GetParam().height});
  std::vector<std::vector<uint8_t>> packets;
  for (uint32_t number = 0; number < 3; ++number) {
    client.paint(number);
    packets.push_back(client.encode(number == 0));
  }

  const Decoded decoded = decode(packets);

  EXPECT_EQ(decoded.errors, 0);
  ASSERT_EQ(decoded.pictures.size(), 3U);
  for (uint32_t number = 0; number < 3; ++number) {
    EXPECT_EQ(decoded.pictures[number].width, static_cast<int>(GetParam().width));
    EXPECT_EQ(decoded.pictures[number].height, static_cast<int>(GetParam().height));
    EXPECT_GT(luma_psnr(decoded.pictures[number], number), 30);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, EncodeSize,
                         testing::Values(SizeCase{16, 16}, SizeCase{18, 16}, SizeCase{64, 64},
                                         SizeCase{322, 182}, SizeCase{1366, 768},
                                         SizeCase{1920, 1080}, SizeCase{4096, 2160}));

TEST(Encode, repeats_the_edges_of_an_input_that_is_too_small) {
  const Display display;
  Client client(display, {.width = 64, .height = 64});
  VASurfaceID small = VA_INVALID_ID;
  ASSERT_EQ(vaCreateSurfaces(client.display, VA_RT_FORMAT_YUV420, 50, 34, &small, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
  std::swap(client.input, small);
  client.paint(0);

  const Decoded decoded = decode({client.encode(true, 10)});

  ASSERT_EQ(decoded.pictures.size(), 1U);
  const auto& luma = decoded.pictures[0].luma;
  EXPECT_NEAR(luma[63], luma[49], 12);
  EXPECT_NEAR(luma[63 * 64 + 10], luma[33 * 64 + 10], 12);
  std::swap(client.input, small);
  EXPECT_EQ(vaDestroySurfaces(client.display, &small, 1), VA_STATUS_SUCCESS);
}

TEST(Encode, shows_the_window_that_a_crop_on_the_left_and_top_leaves) {
  const Display display;
  Client client(display, {.width = 64, .height = 64});
  client.paint(0);
  PictureData data = client.next(true, 12);
  data.sequence->frame_cropping_flag = 1;
  data.sequence->frame_crop_left_offset = 4;
  data.sequence->frame_crop_top_offset = 8;
  ASSERT_EQ(client.submit(data), VA_STATUS_SUCCESS);

  const Decoded decoded = decode({client.take().bytes});

  ASSERT_EQ(decoded.pictures.size(), 1U);
  EXPECT_EQ(decoded.pictures[0].width, 56);
  EXPECT_EQ(decoded.pictures[0].height, 48);
  EXPECT_NEAR(decoded.pictures[0].luma[0], 16 + 8 * 2 + 16, 8);
}

/// The quantisers that pictures were asked for are those of their macroblocks.
void expect_exact(Client& client, const std::vector<std::pair<bool, int>>& wanted) {
  std::vector<std::vector<uint8_t>> packets;
  uint32_t number = 0;
  for (const auto& [is_idr, qp] : wanted) {
    client.paint(number++);
    packets.push_back(client.encode(is_idr, qp));
  }
  const Decoded decoded = decode(packets);
  EXPECT_EQ(decoded.errors, 0);
  ASSERT_EQ(decoded.pictures.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(decoded.pictures[i].is_key, wanted[i].first) << "picture " << i;
    EXPECT_EQ(decoded.pictures[i].least_qp, wanted[i].second) << "picture " << i;
    EXPECT_EQ(decoded.pictures[i].most_qp, wanted[i].second) << "picture " << i;
  }
}

TEST(ConstantQp, is_exact_where_all_pictures_have_the_same) {
  const Display display;
  Client client(display, {.width = 128, .height = 96});
  expect_exact(client, {{true, 24}, {false, 24}, {false, 24}, {true, 24}, {false, 24}});
}

TEST(ConstantQp, is_exact_where_key_pictures_have_another) {
  const Display display;
  Client client(display, {.width = 128, .height = 96});
  expect_exact(client, {{true, 20}, {false, 28}, {false, 28}, {true, 20}, {false, 28}, {true, 20}});
}

TEST(ConstantQp, is_exact_where_every_picture_has_its_own) {
  const Display display;
  Client client(display, {.width = 128, .height = 96});
  expect_exact(client,
               {{true, 20}, {false, 28}, {false, 36}, {false, 44}, {true, 30}, {false, 22}});
}

TEST(ConstantQp, is_exact_where_every_picture_is_a_key_picture) {
  const Display display;
  Client client(display, {.width = 128, .height = 96});
  expect_exact(client, {{true, 30}, {true, 30}, {true, 30}});
}

TEST(ConstantQp, that_changes_late_changes_with_the_next_key_picture_and_says_so) {
  const Display display;
  Client client(display, {.width = 128, .height = 96});
  std::vector<std::vector<uint8_t>> packets;
  for (const auto& [is_idr, qp] : std::vector<std::pair<bool, int>>{
           {true, 24}, {false, 24}, {false, 40}, {true, 40}, {false, 40}})
    packets.push_back(client.encode(is_idr, qp));

  const Decoded decoded = decode(packets);

  ASSERT_EQ(decoded.pictures.size(), 5U);
  EXPECT_FALSE(decoded.pictures[2].is_key);
  EXPECT_EQ(decoded.pictures[3].most_qp, 40);
  EXPECT_EQ(decoded.pictures[4].most_qp, 40);
  EXPECT_NE(display.messages().find("from 24 to 40"), std::string::npos);
}

TEST(Encode, makes_key_pictures_exactly_where_they_were_asked_for) {
  const Display display;
  Client client(display, {.width = 64, .height = 64});
  std::vector<bool> asked;
  std::vector<std::vector<uint8_t>> packets;
  for (uint32_t number = 0; number < 40; ++number) {
    asked.push_back(number == 0 || number == 7 || number == 8 || number == 31);
    client.paint(number * 20);  // Scene cuts of its own would make key pictures too.
    packets.push_back(client.encode(asked.back()));
  }

  const Decoded decoded = decode(packets);

  ASSERT_EQ(decoded.pictures.size(), asked.size());
  for (size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(decoded.pictures[i].is_key, asked[i]) << "picture " << i;
    const std::vector<int> types = unit_types(packets[i]);
    EXPECT_EQ(std::count(types.begin(), types.end(), 7), asked[i] ? 1 : 0);
    EXPECT_EQ(std::count(types.begin(), types.end(), 8), asked[i] ? 1 : 0);
  }
}

PackedData raw(std::vector<uint8_t> bytes) {
  return {VAEncPackedHeaderRawData, static_cast<uint32_t>(bytes.size() * 8), bytes, true};
}

TEST(PackedRaw, puts_the_delimiter_first_and_the_rest_before_the_slices) {
  const Display display;
  Client client(display, {.packed_headers = VA_ENC_PACKED_HEADER_RAW_DATA});
  const std::vector<uint8_t> sei = {0, 0, 0, 1,  6,  5,  17, 1,  2,  3,  4,    5,   6,
                                    7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0x41, 0x80};
  PictureData data = client.next(true);
  data.packed = {raw({0, 0, 0, 1, 9, 0x10}), raw(sei)};
  ASSERT_EQ(client.submit(data), VA_STATUS_SUCCESS);

  const Coded coded = client.take();

  const std::vector<int> types = unit_types(coded.bytes);
  ASSERT_GE(types.size(), 5U);
  EXPECT_EQ(types.front(), 9);
  EXPECT_EQ(types.back(), 5);
  EXPECT_NE(std::search(coded.bytes.begin(), coded.bytes.end(), sei.begin(), sei.end()),
            coded.bytes.end());
  EXPECT_EQ(decode({coded.bytes}).errors, 0);
}

TEST(PackedRaw, gets_its_emulation_prevention_from_the_driver_where_the_client_has_none) {
  const Display display;
  Client client(display, {.packed_headers = VA_ENC_PACKED_HEADER_RAW_DATA});
  PackedData bare = raw({0, 0, 1, 6, 200, 3, 0, 0, 1, 0x80});
  bare.has_emulation_bytes = false;
  const std::vector<uint8_t> expected = {0, 0, 1, 6, 200, 3, 0, 0, 3, 1, 0x80};
  PictureData data = client.next(true);
  data.packed = {bare};
  ASSERT_EQ(client.submit(data), VA_STATUS_SUCCESS);

  const Coded coded = client.take();

  EXPECT_NE(std::search(coded.bytes.begin(), coded.bytes.end(), expected.begin(), expected.end()),
            coded.bytes.end());
}

TEST(PackedRaw, is_ignored_where_it_was_not_negotiated) {
  const Display display;
  Client client(display, {});
  PictureData data = client.next(true);
  data.packed = {raw({0, 0, 0, 1, 9, 0x10})};
  ASSERT_EQ(client.submit(data), VA_STATUS_SUCCESS);

  const std::vector<int> types = unit_types(client.take().bytes);

  EXPECT_EQ(std::count(types.begin(), types.end(), 9), 0);
}

MiscData rate_control(uint32_t peak, uint32_t percent, bool filler) {
  VAEncMiscParameterRateControl rate = {};
  rate.bits_per_second = peak;
  rate.target_percentage = percent;
  rate.rc_flags.bits.disable_bit_stuffing = filler ? 0 : 1;
  return misc(VAEncMiscParameterTypeRateControl, rate);
}

MiscData frame_rate(uint32_t num, uint32_t den) {
  VAEncMiscParameterFrameRate rate = {};
  rate.framerate = den << 16U | num;
  return misc(VAEncMiscParameterTypeFrameRate, rate);
}

/// Bytes that `pictures` pictures take at 30 a second.
size_t coded_bytes(Client& client, const std::vector<MiscData>& misc, uint32_t pictures,
                   bool first_is_key = true) {
  size_t bytes = 0;
  for (uint32_t number = 0; number < pictures; ++number) {
    client.paint(number * 17);
    PictureData data = client.next(number == 0 && first_is_key);
    if (number == 0) data.misc = misc;
    EXPECT_EQ(client.submit(data), VA_STATUS_SUCCESS);
    bytes += client.take().bytes.size();
  }
  return bytes;
}

TEST(RateControl, keeps_a_variable_rate_at_its_target) {
  const Display display;
  Client client(display, {.width = 320, .height = 240, .rate_control = VA_RC_VBR});
  const size_t bytes =
      coded_bytes(client, {rate_control(1'000'000, 50, false), frame_rate(30, 1)}, 60);
  EXPECT_NEAR(static_cast<double>(bytes) * 8 / 2, 500'000, 150'000);
}

TEST(RateControl, fills_a_constant_rate_up_unless_told_not_to) {
  const Display display;
  Client filled(display, {.width = 320, .height = 240, .rate_control = VA_RC_CBR});
  Client bare(display, {.width = 320, .height = 240, .rate_control = VA_RC_CBR});
  const uint32_t rate = 8'000'000;
  const size_t with = coded_bytes(filled, {rate_control(rate, 100, true), frame_rate(30, 1)}, 60);
  const size_t without = coded_bytes(bare, {rate_control(rate, 100, false), frame_rate(30, 1)}, 60);
  EXPECT_NEAR(static_cast<double>(with) * 8 / 2, rate, rate / 4.0);
  EXPECT_LT(without, with);
}

TEST(RateControl, follows_a_new_rate_without_a_key_picture) {
  const Display display;
  Client client(display, {.width = 320, .height = 240, .rate_control = VA_RC_VBR});
  const size_t before =
      coded_bytes(client, {rate_control(2'000'000, 100, false), frame_rate(30, 1)}, 40);
  const size_t after = coded_bytes(client, {rate_control(100'000, 100, false)}, 40, false);
  EXPECT_LT(after * 2, before);
}

TEST(RateControl, needs_a_rate) {
  const Display display;
  Client client(display, {.rate_control = VA_RC_VBR});
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST(Quality, trades_bits_for_time) {
  const Display display;
  const auto bytes_at = [&display](uint32_t level) {
    Client client(display, {.width = 320, .height = 240});
    VAEncMiscParameterBufferQualityLevel quality = {};
    quality.quality_level = level;
    return coded_bytes(client, {misc(VAEncMiscParameterTypeQualityLevel, quality)}, 10);
  };
  EXPECT_LT(bytes_at(1), bytes_at(7));
}

TEST(Encode, keeps_the_profile_that_was_asked_for) {
  const Display display;
  for (const auto& [profile, idc] :
       std::vector<std::pair<VAProfile, int>>{{VAProfileH264ConstrainedBaseline, 66},
                                              {VAProfileH264Main, 77},
                                              {VAProfileH264High, 100}}) {
    Client client(display, {.profile = profile});
    const std::vector<uint8_t> bytes = client.encode(true);
    const std::vector<uint8_t> sps_start = {0, 0, 1, 0x67};
    const auto sps = std::search(bytes.begin(), bytes.end(), sps_start.begin(), sps_start.end());
    ASSERT_LT(sps + 4, bytes.end());
    EXPECT_EQ(*(sps + 4), idc);
  }
}

}  // namespace
}  // namespace millrace::softva_test
