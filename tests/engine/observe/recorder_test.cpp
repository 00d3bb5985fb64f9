// SPDX-License-Identifier: MIT
#include "engine/observe/recorder.h"

#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::observe {
namespace {

Record numbered(uint64_t number, StageId stage = no_stage) {
  return {.type = RecordType::copy, .stage = stage, .subject = number};
}

std::vector<Record> drained(Recorder& recorder) {
  std::vector<Record> records;
  recorder.drain(records);
  return records;
}

TEST(Recorder, gives_records_back_in_the_order_of_writing) {
  Recorder recorder;
  for (uint64_t i = 0; i < 100; ++i) recorder.write(numbered(i));
  const std::vector<Record> records = drained(recorder);
  ASSERT_EQ(records.size(), 100U);
  for (uint64_t i = 0; i < 100; ++i) EXPECT_EQ(records[i].subject, i);
}

TEST(Recorder, gives_each_record_once) {
  Recorder recorder;
  recorder.write(numbered(1));
  EXPECT_EQ(drained(recorder).size(), 1U);
  EXPECT_TRUE(drained(recorder).empty());
}

TEST(Recorder, appends_to_what_the_reader_has) {
  Recorder recorder;
  recorder.write(numbered(2));
  std::vector<Record> records = {numbered(1)};
  recorder.drain(records);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1].subject, 2U);
}

TEST(Recorder, a_full_ring_keeps_the_oldest_and_counts_the_rest) {
  Recorder recorder;
  constexpr uint64_t written = 100'000;
  for (uint64_t i = 0; i < written; ++i) recorder.write(numbered(i));
  const std::vector<Record> records = drained(recorder);
  EXPECT_GT(recorder.dropped(), 0U);
  EXPECT_EQ(records.size() + recorder.dropped(), written);
  EXPECT_EQ(records.front().subject, 0U);
  EXPECT_EQ(records.back().subject, records.size() - 1);
}

TEST(Recorder, has_room_again_once_drained) {
  Recorder recorder;
  for (uint64_t i = 0; i < 100'000; ++i) recorder.write(numbered(i));
  static_cast<void>(drained(recorder));
  const uint64_t dropped = recorder.dropped();
  recorder.write(numbered(7));
  EXPECT_EQ(drained(recorder).size(), 1U);
  EXPECT_EQ(recorder.dropped(), dropped);
}

TEST(Recorder, two_recorders_of_one_thread_stay_apart) {
  Recorder first;
  Recorder second;
  for (uint64_t i = 0; i < 10; ++i) {
    first.write(numbered(i));
    second.write(numbered(100 + i));
  }
  const std::vector<Record> of_first = drained(first);
  const std::vector<Record> of_second = drained(second);
  ASSERT_EQ(of_first.size(), 10U);
  ASSERT_EQ(of_second.size(), 10U);
  for (uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(of_first[i].subject, i);
    EXPECT_EQ(of_second[i].subject, 100 + i);
  }
}

TEST(Recorder, a_thread_that_alternates_between_recorders_fills_one_ring_in_each) {
  Recorder first;
  Recorder second;
  for (uint64_t i = 0; i < 20'000; ++i) {
    first.write(numbered(i));
    second.write(numbered(i));
  }
  EXPECT_LT(drained(first).size(), 20'000U);
  EXPECT_GT(first.dropped(), 0U);
}

TEST(Recorder, a_new_recorder_in_the_place_of_an_old_one_gets_its_own_records) {
  for (uint64_t round = 0; round < 3; ++round) {
    Recorder recorder;
    recorder.write(numbered(round));
    const std::vector<Record> records = drained(recorder);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].subject, round);
  }
}

TEST(Recorder, keeps_the_records_of_threads_that_ended) {
  Recorder recorder;
  std::jthread([&recorder] { recorder.write(numbered(5)); }).join();
  EXPECT_EQ(drained(recorder).size(), 1U);
}

TEST(Recorder, a_reader_beside_writers_misses_nothing_uncounted) {
  Recorder recorder;
  constexpr uint64_t each = 20'000;
  std::atomic<int> running{3};
  std::vector<std::jthread> writers;
  for (StageId stage = 0; stage < 3; ++stage) {
    writers.emplace_back([&recorder, &running, stage] {
      for (uint64_t i = 0; i < each; ++i) recorder.write(numbered(i, stage));
      --running;
    });
  }
  std::vector<Record> records;
  while (running > 0) recorder.drain(records);
  recorder.drain(records);
  std::map<StageId, uint64_t> next;
  for (const Record& record : records) {
    EXPECT_GE(record.subject, next[record.stage]);
    next[record.stage] = record.subject + 1;
  }
  EXPECT_EQ(records.size() + recorder.dropped(), 3 * each);
}

}  // namespace
}  // namespace millrace::observe
