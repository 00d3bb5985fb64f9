// SPDX-License-Identifier: MIT
#include "hw/vaapi/rate_control.h"

#include <va/va.h>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

constexpr uint32_t everything = VA_RC_CQP | VA_RC_VBR | VA_RC_CBR;

EncoderSettings hd() {
  return {.width = 1920, .height = 1080};
}

RateControl chosen(const EncoderSettings& settings, std::optional<uint32_t> offered = everything) {
  Result<RateControl> rate = choose_rate_control(settings, offered);
  EXPECT_TRUE(rate) << rate.error().what;
  return rate ? rate.take() : RateControl{};
}

ErrorKind refusal(const EncoderSettings& settings, std::optional<uint32_t> offered = everything) {
  const Result<RateControl> rate = choose_rate_control(settings, offered);
  EXPECT_FALSE(rate);
  return rate ? ErrorKind::internal : rate.error().kind;
}

TEST(RateControl, is_constant_qp_when_nothing_is_asked) {
  const RateControl rate = chosen(hd());
  EXPECT_EQ(rate.mode, RateMode::cqp);
  EXPECT_EQ(rate.va_mode, static_cast<uint32_t>(VA_RC_CQP));
  EXPECT_EQ(rate.qp, 26);
  EXPECT_FALSE(rate.has_bitrate());
  EXPECT_EQ(rate.warning, "");
}

TEST(RateControl, follows_an_average_with_a_peak_of_twice_as_much) {
  EncoderSettings settings = hd();
  settings.bitrate = 4'000'000;
  const RateControl rate = chosen(settings);
  EXPECT_EQ(rate.mode, RateMode::vbr);
  EXPECT_EQ(rate.peak_bits_per_second, 8'000'000U);
  EXPECT_EQ(rate.target_percentage, 50U);
  EXPECT_EQ(rate.buffer_bits, 8'000'000U);
}

TEST(RateControl, is_constant_where_average_and_peak_are_the_same) {
  EncoderSettings settings = hd();
  settings.bitrate = settings.max_bitrate = 4'000'000;
  const RateControl rate = chosen(settings);
  EXPECT_EQ(rate.mode, RateMode::cbr);
  EXPECT_EQ(rate.peak_bits_per_second, 4'000'000U);
  EXPECT_EQ(rate.target_percentage, 100U);
}

TEST(RateControl, never_aims_at_zero_percent) {
  EncoderSettings settings = hd();
  settings.bitrate = 1;
  settings.max_bitrate = UINT32_MAX;
  EXPECT_EQ(chosen(settings).target_percentage, 1U);
}

TEST(RateControl, falls_to_constant_qp_with_a_warning_where_the_driver_has_nothing_else) {
  EncoderSettings settings = hd();
  settings.bitrate = 4'000'000;
  const RateControl rate = chosen(settings, VA_RC_CQP);
  EXPECT_EQ(rate.mode, RateMode::cqp);
  EXPECT_NE(rate.warning.find("the bit rate is not kept"), std::string::npos) << rate.warning;
}

TEST(RateControl, refuses_a_mode_that_was_asked_by_name_and_is_not_there) {
  EncoderSettings settings = hd();
  settings.rate_mode = RateMode::cbr;
  settings.bitrate = 4'000'000;
  EXPECT_EQ(refusal(settings, VA_RC_CQP), ErrorKind::unavailable);
  EXPECT_EQ(refusal(settings, VA_RC_CQP | VA_RC_VBR), ErrorKind::unavailable);
}

TEST(RateControl, takes_a_driver_without_the_attribute_for_constant_qp_and_passes_none) {
  const RateControl rate = chosen(hd(), std::nullopt);
  EXPECT_EQ(rate.mode, RateMode::cqp);
  EXPECT_EQ(rate.va_mode, std::nullopt);
}

TEST(RateControl, ignores_bits_that_are_not_ours) {
  EncoderSettings settings = hd();
  settings.bitrate = 4'000'000;
  EXPECT_EQ(chosen(settings, everything | VA_RC_QVBR | VA_RC_MB).va_mode,
            static_cast<uint32_t>(VA_RC_VBR));
  EXPECT_EQ(refusal(settings, VA_RC_ICQ), ErrorKind::unavailable);
}

TEST(RateControl, gives_a_named_mode_without_a_rate_one_that_suits_the_size) {
  EncoderSettings settings = hd();
  settings.rate_mode = RateMode::cbr;
  EXPECT_EQ(chosen(settings).peak_bits_per_second, 6'220'800U);  // 1920 * 1080 * 30 / 10
}

TEST(RateControl, refuses_numbers_that_make_no_sense) {
  EncoderSettings settings = hd();
  settings.qp = 0;
  EXPECT_EQ(refusal(settings), ErrorKind::usage);
  settings.qp = 52;
  EXPECT_EQ(refusal(settings), ErrorKind::usage);
  settings.qp.reset();
  settings.bitrate = 0;
  EXPECT_EQ(refusal(settings), ErrorKind::usage);
  settings.bitrate = 2'000'000;
  settings.max_bitrate = 1'000'000;
  EXPECT_EQ(refusal(settings), ErrorKind::usage);
  settings.bitrate.reset();
  settings.max_bitrate = 0;
  const Result<RateControl> without_peak = choose_rate_control(settings, everything);
  ASSERT_FALSE(without_peak);
  EXPECT_EQ(without_peak.error().what, "encode with a peak of 0 bits per second");
}

TEST(RateControl, gives_the_number_that_decided_as_its_reason) {
  EXPECT_EQ(chosen(hd()).reason, "cqp: the default");
  EncoderSettings settings = hd();
  settings.qp = 20;
  EXPECT_EQ(chosen(settings).reason, "cqp: a QP was given");
  settings.qp.reset();
  settings.max_bitrate = 4'000'000;
  EXPECT_EQ(chosen(settings).reason, "vbr: a maximum bit rate was given");
  settings.bitrate = 2'000'000;
  EXPECT_EQ(chosen(settings).reason, "vbr: a bit rate was given");
}

}  // namespace
}  // namespace millrace::vaapi
