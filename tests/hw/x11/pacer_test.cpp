// SPDX-License-Identifier: MIT
#include "hw/x11/pacer.h"

#include <gtest/gtest.h>

namespace millrace::x11 {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp start{std::chrono::hours(1000)};

TEST(Pacer, gives_slots_their_exact_times_from_the_first_call_on) {
  Pacer pacer({30000, 1001});
  const Slot first = pacer.next(start);
  const Slot second = pacer.next(start);
  EXPECT_EQ(first.number, 0U);
  EXPECT_EQ(first.due, start);
  EXPECT_EQ(first.pts, Duration(0));
  EXPECT_EQ(first.duration, Duration(33'366'666));
  EXPECT_EQ(second.number, 1U);
  EXPECT_EQ(second.due, start + Duration(33'366'666));
}

TEST(Pacer, serves_a_slot_that_is_behind_by_less_than_one) {
  Pacer pacer({10, 1});
  (void)pacer.next(start);
  EXPECT_EQ(pacer.next(start + milliseconds(199)).number, 1U);
}

TEST(Pacer, skips_whole_slots_when_it_fell_behind_by_more) {
  Pacer pacer({10, 1});
  (void)pacer.next(start);
  EXPECT_EQ(pacer.next(start + milliseconds(549)).number, 5U);
  EXPECT_EQ(pacer.next(start + milliseconds(551)).number, 6U);
}

TEST(Pacer, does_not_drift_or_overflow_in_a_year) {
  constexpr auto year = std::chrono::hours(24 * 365);
  Pacer pacer({240'000, 1001});
  (void)pacer.next(start);
  const Slot late = pacer.next(start + year);
  EXPECT_EQ(late.number, uint64_t{31'536'000} * 240'000 / 1001);
  EXPECT_LE(late.due, start + year);
  EXPECT_GT(late.due + late.duration, start + year);
  Pacer odd({1'000'000'000, 999'999'999});
  (void)odd.next(start);
  EXPECT_EQ(odd.next(start + std::chrono::seconds(1'000'000)).number, 1'000'000U);
}

TEST(Slot, is_late_after_half_of_its_duration) {
  const Slot slot{.duration = milliseconds(20), .due = start};
  EXPECT_FALSE(is_late(slot, start + milliseconds(10)));
  EXPECT_TRUE(is_late(slot, start + milliseconds(11)));
}

}  // namespace
}  // namespace millrace::x11
