// SPDX-License-Identifier: MIT
#include "engine/graph/merge.h"

#include "engine/graph/buffer_count.h"
#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

TEST(Merge, alignments_become_their_least_common_multiple) {
  const Solved<Figure> merged =
      merge_alignments({number(96, "a"), number(256, "b"), number(1, "c")}, "stride");
  ASSERT_TRUE(merged.has_value());
  EXPECT_EQ(merged->value, 768U);
  EXPECT_EQ(merged->why.size(), 2U);
}

TEST(Merge, alignments_beyond_64_bits_overflow_with_their_numbers) {
  const Solved<Figure> merged =
      merge_alignments({number(UINT64_MAX, "a"), number(UINT64_MAX - 1, "b")}, "stride");
  ASSERT_FALSE(merged.has_value());
  EXPECT_TRUE(merged.error().overflow);
  EXPECT_NE(merged.error().what.find("18446744073709551615"), std::string::npos);
  EXPECT_EQ(merged.error().why.size(), 2U);
}

TEST(Merge, an_alignment_of_zero_is_a_conflict) {
  EXPECT_FALSE(merge_alignments({number(0, "nothing")}, "stride").has_value());
}

TEST(Merge, rounding_up_names_only_the_alignment_that_decided) {
  const Figure row{1376, {documented("row")}};
  const Solved<Figure> stride =
      round_up(row, {number(64, "weak"), number(256, "strong")}, "stride");
  ASSERT_TRUE(stride.has_value());
  EXPECT_EQ(stride->value, 1536U);
  ASSERT_EQ(stride->why.size(), 2U);
  EXPECT_EQ(stride->why[1].raw, "strong");
}

TEST(Merge, an_alignment_that_changes_nothing_is_no_reason) {
  const Solved<Figure> stride =
      round_up({1280, {documented("row")}}, {number(256, "met")}, "stride");
  ASSERT_TRUE(stride.has_value());
  EXPECT_EQ(stride->value, 1280U);
  EXPECT_EQ(stride->why.size(), 1U);
}

TEST(Merge, equal_alignments_of_two_ports_are_both_reasons) {
  const Solved<Figure> stride =
      round_up({1000, {documented("row")}}, {number(256, "one"), number(256, "two")}, "stride");
  ASSERT_TRUE(stride.has_value());
  EXPECT_EQ(stride->why.size(), 3U);
}

TEST(Merge, bounds_are_the_greatest_and_the_least) {
  const Facts facts{number(3, "three"), number(9, "nine"), number(9, "also nine")};
  EXPECT_EQ(greatest(facts)->value, 9U);
  EXPECT_EQ(greatest(facts)->why.size(), 2U);
  EXPECT_EQ(least(facts)->value, 3U);
  EXPECT_FALSE(greatest({}).has_value());
}

TEST(Merge, two_values_that_must_be_equal_conflict_with_both_reasons) {
  const auto merged = merge_equal({number(640, "a"), number(641, "b")}, "width");
  ASSERT_FALSE(merged.has_value());
  EXPECT_EQ(merged.error().why.size(), 2U);
}

CountProblem capture_encoder_preview() {
  CountProblem problem;
  problem.hold = {number(2, "capture"), number(4, "encoder"), number(2, "preview")};
  problem.queue_depth = {number(1, "to encoder"), number(1, "to preview")};
  problem.slack_shared = {number(1, "encoder's"), number(1, "preview's")};
  return problem;
}

TEST(BufferCount, sums_holds_and_queues_and_shares_slack) {
  const Solved<Figure> count = count_buffers(capture_encoder_preview());
  ASSERT_TRUE(count.has_value());
  EXPECT_EQ(count->value, 11U);
  EXPECT_EQ(count->why.size(), 6U);
}

TEST(BufferCount, gives_up_slack_before_anything_else) {
  CountProblem problem = capture_encoder_preview();
  problem.count_max = {number(10, "driver's queue")};
  const Solved<Figure> count = count_buffers(problem);
  ASSERT_TRUE(count.has_value());
  EXPECT_EQ(count->value, 10U);
  EXPECT_EQ(count->why.back().raw, "driver's queue");
}

TEST(BufferCount, never_gives_up_what_is_held_or_queued) {
  CountProblem problem = capture_encoder_preview();
  problem.count_max = {number(8, "driver's queue")};
  const Solved<Figure> count = count_buffers(problem);
  ASSERT_FALSE(count.has_value());
  EXPECT_NE(count.error().what.find("10 buffers are needed, 8 are possible"), std::string::npos);
}

TEST(BufferCount, takes_the_users_number) {
  CountProblem problem = capture_encoder_preview();
  problem.user = fact<uint64_t>(20, from_user("--buffers 20"));
  EXPECT_EQ(count_buffers(problem)->value, 20U);
}

TEST(BufferCount, raises_the_users_number_to_what_is_held_and_says_so) {
  CountProblem problem = capture_encoder_preview();
  problem.user = fact<uint64_t>(3, from_user("--buffers 3"));
  const Solved<Figure> count = count_buffers(problem);
  ASSERT_TRUE(count.has_value());
  EXPECT_EQ(count->value, 8U);
  EXPECT_EQ(count->why.front().raw, "--buffers 3, raised to 8: so many are held at once");
}

TEST(BufferCount, follows_a_drivers_minimum) {
  CountProblem problem;
  problem.hold = {number(1, "source")};
  problem.count_min = {number(4, "REQBUFS minimum")};
  const Solved<Figure> count = count_buffers(problem);
  EXPECT_EQ(count->value, 4U);
  EXPECT_EQ(count->why.front().raw, "REQBUFS minimum");
}

TEST(BufferCount, refuses_sums_beyond_64_bits) {
  CountProblem problem;
  problem.hold = {number(UINT64_MAX, "hostile"), number(1, "source")};
  const Solved<Figure> count = count_buffers(problem);
  ASSERT_FALSE(count.has_value());
  EXPECT_TRUE(count.error().overflow);
}

}  // namespace
}  // namespace millrace::test
