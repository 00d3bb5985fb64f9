// SPDX-License-Identifier: MIT
// The software driver plays other drivers, good and bad: the tool must cope and must not hide it.
#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

Order with_knobs(const std::string& knobs, const Words& more = {}) {
  Order order{.options = {"--size", "130x98", "--frames", "20", "--keyint", "8"},
              .environment = {{"MILLRACE_VA_KNOBS", knobs}}};
  order.options.insert(order.options.end(), more.begin(), more.end());
  return order;
}

class Knobs : public testing::TestWithParam<std::string> {};

TEST_P(Knobs, change_nothing_in_what_is_recorded_and_show_in_the_summary) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs(GetParam()));
  expect_complete(recording, 20);
  EXPECT_NE(recording.text("/encoder/vendor").find(GetParam()), std::string::npos)
      << recording.outcome;
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.width, 130U);
  EXPECT_EQ(facts.height, 98U);
  EXPECT_EQ(facts.matrix, "bt709");
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(20));
}

INSTANTIATE_TEST_SUITE_P(OfTheDriver, Knobs,
                         testing::Values("packed=none", "packed=raw", "packed=all", "validate=1",
                                         "stride=64", "stride=1024", "entrypoint=lp", "ids=zero",
                                         "sync=unimplemented", "sync=early", "segments=split",
                                         "segments=tail", "overflow=error", "map=shared",
                                         "import=none", "import=none,derive=no", "export=no",
                                         "validate=1,entrypoint=lp,ids=zero"),
                         [](const auto& one) {
                           std::string name = one.param;
                           for (char& c : name) {
                             if (c == '=' || c == ',') c = '_';
                           }
                           return name;
                         });

class Validation : public testing::TestWithParam<Words> {};

TEST_P(Validation, of_the_driver_accepts_every_header_that_is_sent) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("validate=1", GetParam()));
  expect_complete(recording, 20);
}

INSTANTIATE_TEST_SUITE_P(
    Strict, Validation,
    testing::Values(Words{"--rc", "cqp", "--qp", "1"}, Words{"--rc", "cqp", "--qp", "51"},
                    Words{"--rc", "vbr", "-b", "500k"},
                    Words{"--rc", "vbr", "-b", "500k", "--max-bitrate", "600k"},
                    Words{"--rc", "cbr", "-b", "500k"}, Words{"--size", "1920x1080"},
                    Words{"--size", "16x16"}, Words{"--size", "18x16"}, Words{"--fps", "59.94"},
                    Words{"--fps", "1000"}, Words{"--fps", "0.5"}, Words{"--keyint", "1"},
                    Words{"--preset", "0"}, Words{"--preset", "100"},
                    Words{"--format", "BGRX", "--matrix", "bt601", "--range", "full"}),
    [](const auto& one) { return "case_" + std::to_string(one.index); });

TEST(DriverWithoutBitRates, falls_back_to_a_constant_quantiser_loudly) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("rc=cqp", {"-b", "500k"}));
  expect_complete(recording, 20);
  EXPECT_EQ(recording.text("/encoder/rate_control"), "cqp");
  EXPECT_NE(recording.outcome.err.find("cqp"), std::string::npos) << recording.outcome;
}

TEST(SoftwareDriver, is_announced_on_stderr_and_in_the_text_summary) {
  const TempFolder folder;
  const Outcome outcome = run(
      {.arguments = {"record", "--size", "64x64", "--frames", "2", "-o", folder.file("x.mkv")}});
  expect_exit(outcome, 0);
  EXPECT_NE(outcome.err.find("oftware"), std::string::npos) << outcome;
}

TEST(FailingDriver, ends_the_recording_with_a_file_that_plays_up_to_there) {
  for (const std::string output : {"out.mkv", "out.mp4", "out.h264"}) {
    const TempFolder folder;
    Order order = with_knobs("fail-at=11");
    order.output = output;
    const Recording recording = record(folder, order);
    expect_exit(recording.outcome, 1);
    EXPECT_NE(recording.outcome.err.find("error[E0001]"), std::string::npos) << recording.outcome;
    EXPECT_EQ(counters_of(decode(recording.path)), consecutive(10)) << output;
  }
}

TEST(FailingDriver, is_told_though_the_recording_ends_soon_after) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("fail-at=18"));
  expect_exit(recording.outcome, 1);
  EXPECT_NE(recording.outcome.err.find("failed for good"), std::string::npos) << recording.outcome;
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(17));
}

TEST(FailingDriver, leaves_no_file_where_not_one_frame_was_encoded) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("fail-at=1"));
  expect_exit(recording.outcome, 1);
  EXPECT_EQ(folder.names(), Words{});
}

TEST(DamagedOutput, of_the_driver_is_dropped_counted_and_followed_by_a_key_frame) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("bad=6"));
  expect_exit(recording.outcome, 0);
  const uint64_t delivered = recording.count("/frames/delivered");
  const uint64_t dropped = recording.count("/frames/dropped");
  EXPECT_EQ(delivered + dropped, 20U) << recording.outcome;
  EXPECT_GE(dropped, 3U);
  EXPECT_EQ(decode(recording.path).size(), delivered);
}

TEST(DamagedOutput, in_every_picture_is_a_failure_and_leaves_no_file) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("bad=1"));
  expect_exit(recording.outcome, 1);
  EXPECT_NE(recording.outcome.err.find("spoiled 8 pictures in a row"), std::string::npos)
      << recording.outcome;
  EXPECT_EQ(folder.names(), Words{});
}

TEST(Knob, that_does_not_exist_is_refused_by_name) {
  const TempFolder folder;
  const Recording recording = record(folder, with_knobs("warp=9"));
  expect_exit(recording.outcome, 3);
  EXPECT_NE(recording.outcome.err.find("warp"), std::string::npos) << recording.outcome;
  EXPECT_EQ(folder.names(), Words{});
}

}  // namespace
}  // namespace millrace::recording
