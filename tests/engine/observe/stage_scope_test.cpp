// SPDX-License-Identifier: MIT
#include "engine/observe/stage_scope.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/system_allocator.h"
#include "engine/observe/recorder.h"

namespace millrace::observe {
namespace {

Ref<Memory> some_memory() {
  SystemAllocator allocator;
  return allocator.allocate(64, {}).take();
}

std::vector<Record> drained(Recorder& recorder) {
  std::vector<Record> records;
  recorder.drain(records);
  return records;
}

TEST(StageScope, records_under_the_stage_that_works) {
  Recorder recorder;
  {
    const StageScope scope({.recorder = &recorder, .stage = 4});
    StageScope::record(RecordType::fill, 17, 1000);
  }
  const std::vector<Record> records = drained(recorder);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].type, RecordType::fill);
  EXPECT_EQ(records[0].stage, 4U);
  EXPECT_EQ(records[0].subject, 17U);
  EXPECT_EQ(records[0].value[0], 1000U);
}

TEST(StageScope, the_innermost_counts_and_the_outer_comes_back) {
  Recorder recorder;
  const StageScope outer({.recorder = &recorder, .stage = 1});
  {
    const StageScope inner({.recorder = &recorder, .stage = 2});
    StageScope::record(RecordType::copy, 0, 0);
  }
  StageScope::record(RecordType::copy, 0, 0);
  const std::vector<Record> records = drained(recorder);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].stage, 2U);
  EXPECT_EQ(records[1].stage, 1U);
}

TEST(StageScope, belongs_to_its_thread) {
  const StageScope scope({.stage = 1});
  EXPECT_EQ(StageScope::current(), &scope);
  const StageScope* elsewhere = &scope;
  std::jthread([&elsewhere] { elsewhere = StageScope::current(); }).join();
  EXPECT_EQ(elsewhere, nullptr);
}

TEST(StageScope, without_a_recorder_or_a_scope_records_vanish) {
  StageScope::record(RecordType::copy, 0, 0);
  const StageScope scope({.stage = 1});
  StageScope::record(RecordType::copy, 0, 0);
  EXPECT_EQ(scope.undeclared_windows(), 0U);
}

TEST(StageScope, a_declared_window_is_recorded_and_not_held_against_the_stage) {
  Recorder recorder;
  const Ref<Memory> memory = some_memory();
  const StageScope scope({.recorder = &recorder, .stage = 9, .declared = {.read = true}});
  static_cast<void>(memory->read().take());
  EXPECT_EQ(scope.undeclared_windows(), 0U);
  const std::vector<Record> records = drained(recorder);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].type, RecordType::cpu_window);
  EXPECT_EQ(records[0].subject, memory->identity().inode);
  EXPECT_EQ(records[0].value[0], 1U);
}

TEST(StageScope, a_stage_that_declared_nothing_is_caught_reading_and_writing) {
  const Ref<Memory> memory = some_memory();
  const StageScope scope({.stage = 9});
  static_cast<void>(memory->read().take());
  static_cast<void>(memory->write().take());
  EXPECT_EQ(scope.undeclared_windows(), 2U);
}

TEST(StageScope, a_reader_is_caught_writing_and_a_writer_reading) {
  const Ref<Memory> memory = some_memory();
  {
    const StageScope reader({.declared = {.read = true}});
    static_cast<void>(memory->write().take());
    EXPECT_EQ(reader.undeclared_windows(), 1U);
  }
  const StageScope writer({.declared = {.write = true}});
  static_cast<void>(memory->read().take());
  EXPECT_EQ(writer.undeclared_windows(), 1U);
}

TEST(StageScope, undeclared_windows_are_recorded_all_the_same) {
  Recorder recorder;
  const Ref<Memory> memory = some_memory();
  const StageScope scope({.recorder = &recorder, .stage = 9});
  static_cast<void>(memory->write().take());
  const std::vector<Record> records = drained(recorder);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].value[0], 2U);
}

TEST(StageScope, windows_outside_any_stage_are_nobodys) {
  const Ref<Memory> memory = some_memory();
  const StageScope scope({.stage = 1});
  std::jthread([&memory] { static_cast<void>(memory->write().take()); }).join();
  EXPECT_EQ(scope.undeclared_windows(), 0U);
}

}  // namespace
}  // namespace millrace::observe
