// SPDX-License-Identifier: MIT
#include "hw/vaapi/encode_setup.h"

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

EncodeCaps way(VAEntrypoint entrypoint, std::optional<uint32_t> rate_control) {
  EncodeCaps caps{.profile = VAProfileH264High, .entrypoint = entrypoint};
  caps.rate_control.value = rate_control;
  return caps;
}

EncoderSettings with_bitrate() {
  EncoderSettings settings{.width = 64, .height = 64};
  settings.bitrate = 1'000'000;
  return settings;
}

TEST(WayToEncode, is_the_full_entry_point_where_both_can) {
  const Result<Way> chosen =
      choose_way({way(VAEntrypointEncSlice, VA_RC_VBR), way(VAEntrypointEncSliceLP, VA_RC_VBR)},
                 with_bitrate());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->caps.entrypoint, VAEntrypointEncSlice);
}

TEST(WayToEncode, is_the_one_that_has_the_wanted_rate_control) {
  const Result<Way> chosen = choose_way(
      {way(VAEntrypointEncSlice, VA_RC_CQP), way(VAEntrypointEncSliceLP, VA_RC_CQP | VA_RC_VBR)},
      with_bitrate());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->caps.entrypoint, VAEntrypointEncSliceLP);
  EXPECT_EQ(chosen->rate.mode, RateMode::vbr);
}

TEST(WayToEncode, falls_to_constant_qp_when_no_way_has_more) {
  const Result<Way> chosen = choose_way({way(VAEntrypointEncSliceLP, VA_RC_CQP)}, with_bitrate());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->rate.mode, RateMode::cqp);
  EXPECT_FALSE(chosen->rate.warning.empty());
}

TEST(WayToEncode, is_refused_where_there_is_none) {
  const Result<Way> none = choose_way({}, with_bitrate());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::unavailable);
  EncoderSettings settings = with_bitrate();
  settings.rate_mode = RateMode::cbr;
  const Result<Way> unfit = choose_way({way(VAEntrypointEncSlice, VA_RC_VBR)}, settings);
  ASSERT_FALSE(unfit);
  EXPECT_EQ(unfit.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace millrace::vaapi
