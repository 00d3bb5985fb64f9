// SPDX-License-Identifier: MIT
// The encoder on drivers that are odd, poor or broken, as the software driver plays them.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/hw/vaapi/decoded.h"
#include "tests/hw/vaapi/recording.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {
namespace {

using testing::Decoded;
using testing::Recording;

EncoderSettings small() {
  return {.width = 322, .height = 182};
}

Recording record_on(const std::string& knobs, uint64_t count = 12) {
  return testing::record(testing::software_driver(knobs), small(), count);
}

void expect_clean(const Recording& recording) {
  const Decoded decoded = testing::decode(recording.packets);
  EXPECT_EQ(decoded.complaints, "");
  EXPECT_EQ(decoded.frames.size(), recording.packets.size());
}

TEST(OddDriver, loses_nothing) {
  for (const char* const knobs : {"ids=zero,validate=1", "sync=unimplemented", "sync=early",
                                  "segments=split", "segments=tail", "map=shared", "entrypoint=lp",
                                  "packed=none", "packed=all", "stride=64", "overflow=error"}) {
    SCOPED_TRACE(knobs);
    const Recording recording = record_on(knobs);
    EXPECT_TRUE(recording.refusals.empty());
    EXPECT_EQ(recording.packets.size(), 12U);
    expect_clean(recording);
  }
}

TEST(SpoiledPicture, is_dropped_with_what_refers_to_it_and_the_next_is_an_idr) {
  const Recording recording = record_on("bad=5", 12);
  EXPECT_FALSE(recording.dropped_tags().empty());
  EXPECT_EQ(recording.pictures.size(), 12U);
  bool healed = true;
  for (const CodedPicture& picture : recording.pictures) {
    EXPECT_TRUE(picture.dropped || healed || picture.key) << picture.tag;
    healed = !picture.dropped.has_value();
  }
  EXPECT_EQ(recording.dropped_tags().front(), 4U);
  expect_clean(recording);
}

TEST(SpoiledPicture, is_one_whose_segments_lie_outside_the_buffer) {
  const Recording recording = record_on("segments=outside", 4);
  EXPECT_TRUE(recording.packets.empty());
  EXPECT_EQ(recording.dropped_tags().size(), 4U);
  EXPECT_NE(recording.pictures.front().dropped->what.find("outside"), std::string::npos);
}

TEST(RefusedPicture, costs_itself_and_the_next_is_an_idr) {
  const Recording recording = record_on("fail-render=3", 8);
  EXPECT_EQ(recording.refusals.size(), 1U);
  EXPECT_EQ(recording.pictures.size(), 7U);
  EXPECT_EQ(recording.key_tags(), (std::vector<uint64_t>{0, 3}));
  expect_clean(recording);
}

TEST(RefusedPicture, is_awaited_where_the_driver_codes_it_all_the_same) {
  for (const char* const knobs : {"", ",sync=early", ",sync=unimplemented"}) {
    SCOPED_TRACE(knobs);
    const Recording recording =
        record_on(std::string("fail-render=3,fail-render-after=taking") + knobs, 8);
    EXPECT_EQ(recording.refusals.size(), 1U);
    EXPECT_EQ(recording.pictures.size(), 7U);
    EXPECT_TRUE(recording.dropped_tags().empty());
    EXPECT_EQ(recording.key_tags(), (std::vector<uint64_t>{0, 3}));
    expect_clean(recording);
  }
}

TEST(DyingDriver, keeps_what_came_before) {
  const Recording recording = record_on("fail-at=4", 8);
  EXPECT_EQ(recording.packets.size(), 3U);
  EXPECT_EQ(recording.dropped_tags().size() + recording.refusals.size(), 5U);
  expect_clean(recording);
}

TEST(PoorDriver, gets_constant_qp_and_the_user_a_warning) {
  EncoderSettings settings = small();
  settings.bitrate = 1'000'000;
  for (const char* const knobs : {"rc=cqp", "rc=cqp,entrypoint=lp"}) {
    const Result<EncodeSetup> setup = set_up_encoding(testing::software_driver(knobs), settings);
    ASSERT_TRUE(setup) << setup.error().what;
    EXPECT_EQ(setup->rate.mode, RateMode::cqp);
    ASSERT_FALSE(setup->warnings.empty());
    EXPECT_NE(setup->warnings.front().find("bit rate is not kept"), std::string::npos);
  }
}

TEST(PoorDriver, refuses_what_was_asked_by_name) {
  EncoderSettings settings = small();
  settings.rate_mode = RateMode::vbr;
  const Result<EncodeSetup> setup = set_up_encoding(testing::software_driver("rc=cqp"), settings);
  ASSERT_FALSE(setup);
  EXPECT_EQ(setup.error().kind, ErrorKind::unavailable);
}

TEST(PoorDriver, is_used_at_its_low_power_entry_point) {
  const Result<EncodeSetup> setup =
      set_up_encoding(testing::software_driver("entrypoint=lp"), small());
  ASSERT_TRUE(setup) << setup.error().what;
  EXPECT_EQ(setup->caps.entrypoint, VAEntrypointEncSliceLP);
}

TEST(SizeOutsideTheDriversLimits, is_refused_with_the_limit) {
  for (const auto& [width, height] : {std::pair{2U, 2U}, std::pair{16'000U, 64U}}) {
    const Result<EncodeSetup> setup =
        set_up_encoding(testing::software_driver(), {.width = width, .height = height});
    ASSERT_FALSE(setup);
    EXPECT_EQ(setup.error().kind, ErrorKind::unavailable) << setup.error().what;
    EXPECT_NE(setup.error().what.find("limit"), std::string::npos) << setup.error().what;
  }
}

}  // namespace
}  // namespace millrace::vaapi
