// SPDX-License-Identifier: MIT
#include "app/progress.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

using namespace std::chrono_literals;

ProgressSample a_minute_in() {
  ProgressSample sample;
  sample.run.delivered = 4320;
  sample.run.dropped = 1;
  sample.run.duplicated = 3;
  sample.run.packet_bytes = 72'000'000;
  sample.run.latency_p99_ms = 21.4;
  sample.run.elapsed = 72s;
  sample.run.stream_time = 72s;
  sample.nominal_rate = {60, 1};
  return sample;
}

TEST(Progress, says_in_one_line_what_matters) {
  EXPECT_EQ(progress_line(a_minute_in()),
            "REC 00:01:12  60.0/60 fps  drop 1 dup 3  copies 0/frame  lat p99 21 ms  8.0 Mb/s  "
            "72.0 MB");
}

std::string line_with_room(uint64_t bytes) {
  ProgressSample sample = a_minute_in();  // a megabyte a second
  sample.disk_room = bytes;
  const std::string line = progress_line(sample);
  const size_t at = line.find("disk ");
  return at == std::string::npos ? "" : line.substr(at);
}

TEST(Progress, says_for_how_long_the_disk_will_do) {
  EXPECT_EQ(line_with_room(0), "disk 0 s");
  EXPECT_EQ(line_with_room(119'900'000), "disk 119 s");
  EXPECT_EQ(line_with_room(120'000'000), "disk 2 min");
  EXPECT_EQ(line_with_room(3 * 3600'000'000ULL), "disk 3 h");
  EXPECT_EQ(line_with_room(80 * 3600'000'000ULL), "disk 3 d");
  EXPECT_EQ(line_with_room(UINT64_MAX), "disk over a year");
  const ProgressSample nothing_yet{.disk_room = 1};
  EXPECT_EQ(progress_line(nothing_yet).find("disk"), std::string::npos);
}

TEST(Progress, has_the_room_on_the_disk_in_json_where_it_is_known) {
  ProgressSample sample = a_minute_in();
  EXPECT_FALSE(nlohmann::json::parse(progress_json(sample)).contains("disk_s"));
  sample.disk_room = 5'000'000;
  const auto json = nlohmann::json::parse(progress_json(sample));

  EXPECT_EQ(json.at("disk_room_bytes"), 5'000'000);
  EXPECT_DOUBLE_EQ(json.at("disk_s"), 5.0);
}

TEST(Progress, is_json_in_base_units) {
  const auto json = nlohmann::json::parse(progress_json(a_minute_in()));

  EXPECT_EQ(json.at("v"), 1);
  EXPECT_EQ(json.at("type"), "progress");
  EXPECT_EQ(json.at("delivered"), 4320);
  EXPECT_DOUBLE_EQ(json.at("bits_per_second"), 8e6);
  EXPECT_DOUBLE_EQ(json.at("latency_p99_s"), 0.0214);
}

TEST(Progress, has_numbers_before_the_first_frame) {
  const auto json = nlohmann::json::parse(progress_json({}));

  EXPECT_EQ(json.at("fps"), 0.0);
  EXPECT_EQ(json.at("bits_per_second"), 0.0);
}

TEST(Progress, is_a_rewritten_line_only_on_a_terminal) {
  EXPECT_EQ(settle_form(ProgressForm::automatic, log::Form::text, {.errors = true}),
            ProgressForm::line);
  EXPECT_EQ(settle_form(ProgressForm::automatic, log::Form::text, {.errors = false}),
            ProgressForm::plain);
  EXPECT_EQ(settle_form(ProgressForm::automatic, log::Form::json, {.errors = true}),
            ProgressForm::json);
  EXPECT_EQ(settle_form(ProgressForm::json, log::Form::text, {.errors = true}), ProgressForm::json);
}

TEST(Progress, ends_at_once_and_leaves_no_line_behind) {
  testing::internal::CaptureStderr();
  const Timestamp before = now();
  {
    const Progress progress(ProgressForm::line, [] { return a_minute_in(); });
    std::this_thread::sleep_for(400ms);
  }
  const std::string shown = testing::internal::GetCapturedStderr();

  EXPECT_LT(now() - before, 5s) << "the end must not wait for the next line";
  EXPECT_HAS(shown, "REC 00:01:12");
  EXPECT_TRUE(shown.ends_with("\r\033[K"));
}

}  // namespace
}  // namespace millrace::app
