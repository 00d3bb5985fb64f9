// SPDX-License-Identifier: MIT
// Where a frame must be copied, the summary counts it and names the cause; what the user demands of
// copies is kept to; and the three-fold proof agrees with what the summary says.
#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

/// A driver that shares nothing: frames are put into its surfaces.
const std::string last_rung = "import=none,export=no,derive=no";

const Words pinned = {"-s", "test:bars;stride=322", "--size", "322x182", "--frames", "10"};

Order pinned_with(const Words& more) {
  Order order{.options = pinned};
  order.options.insert(order.options.end(), more.begin(), more.end());
  return order;
}

TEST(StrideConflict, costs_exactly_one_counted_copy_and_is_named) {
  const TempFolder folder;
  const Recording recording = record(folder, pinned_with({}));
  expect_complete(recording, 10);
  constexpr uint64_t frame_bytes = 322 * 182 * 3 / 2;
  static_assert(frame_bytes == 87906);
  EXPECT_EQ(recording.count("/copies/bytes"), 10 * frame_bytes);
  EXPECT_EQ(recording.at("/copies/per_frame"), 1) << recording.outcome;
  EXPECT_EQ(recording.at("/transforms/per_frame"), 0);
  const nlohmann::json edge = recording.edge_from("source");
  EXPECT_EQ(edge.value("verdict", ""), "copied") << edge;
  EXPECT_EQ(edge.value("copied_bytes_per_frame", 0U), frame_bytes);
  const std::string reason = edge.value("reason", "");
  EXPECT_NE(reason.find("322"), std::string::npos) << reason;
  EXPECT_NE(reason.find("256"), std::string::npos) << reason;
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(10));
}

TEST(StrideConflict, ends_with_8_and_no_file_where_zero_copy_is_required) {
  const TempFolder folder;
  const Recording recording = record(folder, pinned_with({"--require", "zero-copy"}));
  expect_exit(recording.outcome, 8);
  EXPECT_NE(recording.outcome.err.find("322"), std::string::npos) << recording.outcome;
  EXPECT_EQ(folder.names(), Words{});
}

TEST(StrideConflict, leaves_a_file_of_that_name_as_it_was_where_zero_copy_is_required) {
  const TempFolder folder;
  const std::string path = folder.write("out.mkv", "precious");
  const Recording recording =
      record(folder, pinned_with({"--require", "zero-copy", "--overwrite", "always"}));
  expect_exit(recording.outcome, 8);
  EXPECT_EQ(read_bytes(path), "precious");
}

TEST(StrideConflict, is_one_copy_too_many_for_max_copies_0_but_not_for_1) {
  const TempFolder folder;
  const Recording none = record(folder, pinned_with({"--max-copies", "0"}));
  expect_exit(none.outcome, 8);
  EXPECT_EQ(folder.names(), Words{});
  const Recording one = record(folder, pinned_with({"--max-copies", "1"}));
  expect_complete(one, 10);
}

TEST(RequireZeroCopy, holds_where_every_edge_is_shared_or_a_transform) {
  const TempFolder folder;
  for (const std::string format : {"NV12", "BGRX"}) {
    const Recording recording =
        record(folder, {.options = {"--size", "320x180", "--frames", "4", "--format", format,
                                    "--require", "zero-copy", "--max-copies", "0"},
                        .output = format + ".mkv"});
    expect_complete(recording, 4);
  }
}

TEST(DriverThatSharesNothing, is_fed_by_one_counted_copy_and_the_rung_is_named) {
  const TempFolder folder;
  const Recording recording = record(folder, {.options = {"--size", "322x182", "--frames", "10"},
                                              .environment = {{"MILLRACE_VA_KNOBS", last_rung}}});
  expect_complete(recording, 10);
  EXPECT_EQ(recording.at("/copies/per_frame"), 1) << recording.outcome;
  EXPECT_EQ(recording.count("/copies/bytes"), 10 * 87906U);
  const nlohmann::json edge = recording.edge_from("source");
  EXPECT_EQ(edge.value("verdict", ""), "copied") << edge;
  EXPECT_NE(recording.text("/encoder/rung").find("put"), std::string::npos) << recording.outcome;
  EXPECT_NE(recording.text("/encoder/vendor").find("import=none"), std::string::npos);
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(10));
}

TEST(DriverThatSharesNothing, breaks_require_zero_copy) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--size", "320x180", "--frames", "4", "--require", "zero-copy"},
                      .environment = {{"MILLRACE_VA_KNOBS", last_rung}}});
  expect_exit(recording.outcome, 8);
  EXPECT_EQ(folder.names(), Words{});
}

TEST(ImportRung, is_named_where_the_driver_takes_the_frames) {
  const TempFolder folder;
  const Recording recording = record(folder, {.options = {"--size", "320x180", "--frames", "4"}});
  expect_complete(recording, 4);
  EXPECT_NE(recording.text("/encoder/rung").find("import"), std::string::npos) << recording.outcome;
}

class ProofOf : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(ProofOf, a_recording_without_copies_agrees_in_all_three_legs) {
  if (sanitized)
    GTEST_SKIP() << "the volume witness cannot be preloaded before a sanitizer; the "
                    "build without sanitizers runs this";
  const auto& [size, format] = GetParam();
  const TempFolder folder;
  const Recording recording = record(
      folder, {.options = {"--size", size, "--format", format, "--frames", "12"},
               .environment = {{"MILLRACE_VALIDATE", "1"}, {"LD_PRELOAD", millrace_witness}}});
  expect_complete(recording, 12);
  EXPECT_EQ(recording.at("/proof/holds"), true) << recording.outcome;
  for (const std::string leg : {"identity", "windows", "volume"}) {
    EXPECT_EQ(recording.text("/proof/" + leg + "/verdict"), "agrees")
        << leg << ": " << recording.at("/proof/" + leg);
  }
}

INSTANTIATE_TEST_SUITE_P(Bars, ProofOf,
                         testing::Combine(testing::Values("1920x1080", "322x182"),
                                          testing::Values("NV12", "BGRX", "I420")),
                         [](const auto& one) {
                           return std::get<0>(one.param) + "_" + std::get<1>(one.param);
                         });

TEST(Proof, agrees_with_the_one_copy_of_a_stride_conflict) {
  if (sanitized)
    GTEST_SKIP() << "the volume witness cannot be preloaded before a sanitizer; the "
                    "build without sanitizers runs this";
  const TempFolder folder;
  Order order = pinned_with({});
  order.environment = {{"MILLRACE_VALIDATE", "1"}, {"LD_PRELOAD", millrace_witness}};
  const Recording recording = record(folder, order);
  expect_complete(recording, 10);
  EXPECT_EQ(recording.at("/proof/holds"), true) << recording.at("/proof");
}

}  // namespace
}  // namespace millrace::recording
