// SPDX-License-Identifier: MIT
#include "app/ending.h"

#include <gtest/gtest.h>

namespace millrace::app {
namespace {

const Result<> well;
const RunSnapshot unlimited;

TEST(Ending, is_that_of_the_source_unless_somebody_asked) {
  const std::stop_source signals;
  const Ending ending(signals.get_token());

  EXPECT_EQ(ending.reason(well, unlimited), EndReason::source_ended);
  EXPECT_EQ(ending.reason(well, {.limit_reached = true}), EndReason::limit);
  EXPECT_FALSE(ending.token().stop_requested());
}

TEST(Ending, passes_a_signal_on) {
  std::stop_source signals;
  const Ending ending(signals.get_token());

  signals.request_stop();

  EXPECT_TRUE(ending.token().stop_requested());
  EXPECT_EQ(ending.reason(well, unlimited), EndReason::signal);
}

TEST(Ending, comes_of_a_low_disk_with_its_free_bytes) {
  const std::stop_source signals;
  Ending ending(signals.get_token());
  EXPECT_FALSE(ending.low_disk());

  ending.disk_is_low(0);

  EXPECT_TRUE(ending.token().stop_requested());
  EXPECT_EQ(ending.low_disk(), 0U);
  EXPECT_EQ(ending.reason(well, unlimited), EndReason::disk_low);
}

TEST(Ending, is_not_that_of_a_disk_which_got_low_when_all_was_recorded) {
  const std::stop_source signals;
  Ending ending(signals.get_token());

  ending.disk_is_low(1);

  EXPECT_EQ(ending.reason(well, {.limit_reached = true}), EndReason::limit);
  EXPECT_EQ(ending.reason(well, {.source_ended = true}), EndReason::source_ended);
  EXPECT_EQ(ending.low_disk(), 1U);
}

TEST(Ending, is_a_signal_if_that_came_before_the_disk_got_low) {
  std::stop_source signals;
  Ending ending(signals.get_token());

  signals.request_stop();
  ending.disk_is_low(1);

  EXPECT_EQ(ending.reason(well, unlimited), EndReason::signal);
}

TEST(Ending, is_a_failure_whatever_else_happened) {
  std::stop_source signals;
  Ending ending(signals.get_token());
  signals.request_stop();
  ending.disk_is_low(1);

  EXPECT_EQ(ending.reason(fail(ErrorKind::output_failed, "write a.mkv"), {.limit_reached = true}),
            EndReason::failure);
}

TEST(Ending, has_a_word_and_words_for_each_reason) {
  using enum EndReason;
  for (const EndReason reason : {source_ended, limit, signal, disk_low, failure}) {
    EXPECT_EQ(to_string(reason).find(' '), std::string_view::npos);
    EXPECT_FALSE(in_words(reason).empty());
  }
}

}  // namespace
}  // namespace millrace::app
