// SPDX-License-Identifier: MIT
#include "engine/stages/test_bars_source.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/observe/recorder.h"
#include "tests/engine/stages/drawn_bars.h"

namespace millrace {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::DrawnBars;

VideoFormat video(PixelFormat format, uint32_t width, uint32_t height) {
  return {.format = format, .width = width, .height = height};
}

std::optional<CounterReading> counter_in(const Buffer& buffer) {
  const FrameReadView view = FrameReadView::create(buffer).take();
  const VideoMeta& meta = *buffer.video();
  return read_counter(brightness_of(meta.layout.format, view.plane(0), meta.width, meta.height));
}

std::vector<std::byte> bytes_of(const Buffer& buffer) {
  const ReadView view = buffer.read().take();
  return {view.bytes().begin(), view.bytes().end()};
}

Error refusal(const TestBarsSettings& settings) {
  const auto source = TestBarsSource::create(settings);
  EXPECT_FALSE(source.has_value());
  return source ? Error{} : source.error();
}

class TestBarsOf : public testing::TestWithParam<PixelFormat> {};

TEST_P(TestBarsOf, count_their_frames_in_the_picture) {
  DrawnBars bars({.video = video(GetParam(), 322, 182)});
  for (uint32_t frame = 0; frame < 5; ++frame) {
    const Ref<Buffer> buffer = bars.next();
    const uint64_t pts_us = uint64_t{frame} * 1'000'000 / 30;
    EXPECT_EQ(counter_in(*buffer), (CounterReading{frame, pts_us}));
  }
}

TEST_P(TestBarsOf, move_something_from_frame_to_frame) {
  DrawnBars bars({.video = video(GetParam(), 62, 62)});  // too small for the counter
  const std::vector<std::byte> first = bytes_of(*bars.next());
  EXPECT_NE(bytes_of(*bars.next()), first);
}

TEST_P(TestBarsOf, draw_the_same_frame_whatever_the_buffer_held) {
  DrawnBars bars({.video = video(GetParam(), 128, 64)});
  DrawnBars other({.video = video(GetParam(), 128, 64)});
  std::vector<std::byte> fourth;
  for (int i = 0; i < 4; ++i) fourth = bytes_of(*bars.next());
  for (int i = 0; i < 3; ++i) {
    const Ref<Buffer> buffer = other.next();
    std::ranges::fill(buffer->write().take().bytes(), std::byte{0x5a});
  }
  EXPECT_EQ(bytes_of(*other.next()), fourth);
}

TEST_P(TestBarsOf, book_each_frame_as_one_fill) {
  DrawnBars bars({.video = video(GetParam(), 322, 182)});
  static_cast<void>(bars.next());
  static_cast<void>(bars.next());
  const uint64_t frame = payload_bytes(GetParam(), 322, 182);
  EXPECT_EQ(bars.ledger().bytes(observe::MoveKind::fill), 2 * frame);
  EXPECT_EQ(bars.ledger().moves(observe::MoveKind::fill), 2U);
  EXPECT_EQ(bars.ledger().bytes(observe::MoveKind::copy), 0U);
}

TEST_P(TestBarsOf, draw_at_the_smallest_size) {
  const PixelFormatFacts& format = facts(GetParam());
  DrawnBars bars({.video = video(GetParam(), format.even_width, format.even_height)});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bars.next());
}

INSTANTIATE_TEST_SUITE_P(Formats, TestBarsOf,
                         testing::Values(PixelFormat::nv12, PixelFormat::i420, PixelFormat::yuyv,
                                         PixelFormat::bgrx, PixelFormat::rgba, PixelFormat::p010),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST(TestBars, stamp_frames_with_number_time_and_duration) {
  DrawnBars bars({.video = {.width = 64, .height = 64, .frame_rate = {30000, 1001}}});
  Duration end{0};
  for (uint64_t number = 0; number < 100; ++number) {
    const Ref<Buffer> buffer = bars.next();
    EXPECT_EQ(buffer->timing.sequence, number);
    EXPECT_EQ(*buffer->timing.pts, Duration(number * 1001 * 1'000'000'000 / 30000));
    EXPECT_EQ(*buffer->timing.pts, end);
    end = *buffer->timing.pts + *buffer->timing.duration;
  }
}

TEST(TestBars, stamp_the_moment_of_drawing) {
  DrawnBars bars({.video = video(PixelFormat::nv12, 64, 64)});
  const Timestamp before = now();
  const Ref<Buffer> buffer = bars.next();
  EXPECT_GE(buffer->timing.captured, before);
  EXPECT_LE(buffer->timing.captured, now());
}

TEST(TestBars, declare_the_write_that_they_do_and_no_read) {
  observe::Recorder recorder;
  DrawnBars bars({.video = video(PixelFormat::nv12, 64, 64)});
  const StageOffer offer = bars.source().describe();
  const observe::StageScope scope(
      {.recorder = &recorder, .stage = 1, .declared = offer.ports.at(0).cpu});
  static_cast<void>(bars.next());
  EXPECT_EQ(scope.undeclared_windows(), 0U);
  EXPECT_FALSE(offer.ports.at(0).cpu.read);
  std::vector<observe::Record> records;
  recorder.drain(records);
  EXPECT_EQ(std::ranges::count(records, observe::RecordType::fill, &observe::Record::type), 1);
}

TEST(TestBars, offer_their_format_size_and_rate_with_what_the_user_said) {
  const TestBarsSettings settings{.video = video(PixelFormat::nv12, 322, 182),
                                  .origin = "test:bars;x"};
  const auto source = TestBarsSource::create(settings).take();
  const StageOffer offer = source->describe();
  EXPECT_EQ(offer.kind, StageKind::source);
  ASSERT_EQ(offer.ports.size(), 1U);
  const Alternative& draw = offer.ports[0].alternatives.at(0);
  EXPECT_EQ(draw.layout.formats.at(0).format, PixelFormat::nv12);
  EXPECT_EQ(draw.layout.visible_width->value, 322U);
  EXPECT_EQ(draw.layout.visible_width->why.origin, Origin::user);
  EXPECT_EQ(draw.layout.visible_width->why.raw, "test:bars;x");
  EXPECT_FALSE(draw.layout.stride_demand[0].has_value());
}

TEST(TestBars, pin_the_stride_of_every_plane) {
  const auto source = TestBarsSource::create({.video = video(PixelFormat::i420, 320, 180),
                                              .pinned_stride = 322,
                                              .origin = "test:bars;stride=322"})
                          .take();
  const StageOffer offer = source->describe();
  const LayoutConstraints& layout = offer.ports.at(0).alternatives.at(0).layout;
  EXPECT_EQ(layout.stride_demand[0]->value.policy, StridePolicy::fixed);
  EXPECT_EQ(layout.stride_demand[0]->value.value, 322U);
  EXPECT_EQ(layout.stride_demand[0]->why.origin, Origin::user);
  EXPECT_EQ(layout.stride_demand[1]->value.value, 161U);
  EXPECT_EQ(layout.stride_demand[2]->value.value, 161U);
}

TEST(TestBars, fill_in_the_colour_that_nobody_named) {
  const auto colour_of = [](PixelFormat format, const Colour& colour) {
    VideoFormat asked = video(format, 64, 64);
    asked.colour = colour;
    return DrawnBars({.video = asked}).video().colour;
  };
  EXPECT_EQ(colour_of(PixelFormat::nv12, {}), bt709_limited);
  EXPECT_EQ(colour_of(PixelFormat::rgba, {}).range, ColourRange::full);
  EXPECT_EQ(colour_of(PixelFormat::rgba, {}).matrix, ColourMatrix::rgb);
  const Colour part = colour_of(PixelFormat::nv12, {.range = ColourRange::full});
  EXPECT_EQ(part.range, ColourRange::full);
  EXPECT_EQ(part.matrix, ColourMatrix::bt709);
}

TEST(TestBars, say_when_the_counter_is_absent) {
  const auto remarks = [](uint32_t width, uint32_t height) {
    return DrawnBars({.video = video(PixelFormat::nv12, width, height)})
        .source()
        .describe()
        .remarks;
  };
  ASSERT_EQ(remarks(62, 64).size(), 1U);
  EXPECT_NE(remarks(62, 64)[0].find("counter is absent"), std::string::npos);
  ASSERT_EQ(remarks(64, 64).size(), 1U);
  EXPECT_NE(remarks(64, 64)[0].find("time is absent"), std::string::npos);
  EXPECT_TRUE(remarks(1920, 1080).empty());
}

TEST(TestBars, refuse_an_odd_size_of_subsampled_formats_and_say_what_would_do) {
  const Error error = refusal({.video = video(PixelFormat::nv12, 321, 181)});
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_NE(error.what.find("NV12 321x181"), std::string::npos);
  EXPECT_NE(error.remedy.find("322x182"), std::string::npos);
  EXPECT_TRUE(TestBarsSource::create({.video = video(PixelFormat::bgrx, 321, 181)}).has_value());
  EXPECT_TRUE(TestBarsSource::create({.video = video(PixelFormat::yuyv, 322, 181)}).has_value());
}

TEST(TestBars, refuse_sizes_that_cannot_be) {
  EXPECT_EQ(refusal({.video = video(PixelFormat::nv12, 0, 64)}).kind, ErrorKind::usage);
  EXPECT_EQ(refusal({.video = video(PixelFormat::nv12, 64, 100'000)}).kind, ErrorKind::usage);
}

TEST(TestBars, refuse_rates_that_cannot_be) {
  for (const Fraction rate : {Fraction{0, 1}, {30, 0}, {-30, 1}, {INT64_MAX, 1}}) {
    const Error error = refusal({.video = {.width = 64, .height = 64, .frame_rate = rate}});
    EXPECT_EQ(error.kind, ErrorKind::usage);
    EXPECT_FALSE(error.remedy.empty());
  }
}

TEST(TestBars, refuse_a_stride_below_the_row) {
  const Error error = refusal({.video = video(PixelFormat::nv12, 322, 182), .pinned_stride = 320});
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_NE(error.what.find("320"), std::string::npos);
  EXPECT_NE(error.remedy.find("322"), std::string::npos);
}

TEST(TestBars, refuse_a_stride_that_no_memory_has) {
  EXPECT_EQ(
      refusal({.video = video(PixelFormat::p010, 322, 182), .pinned_stride = UINT64_MAX}).kind,
      ErrorKind::usage);
}

TEST(TestBars, refuse_a_format_that_cannot_be_drawn_and_name_those_that_can) {
  const auto source = TestBarsSource::create({.video = video(PixelFormat::nv21, 320, 180)});

  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().kind, ErrorKind::usage);
  EXPECT_NE(source.error().remedy.find("NV12, I420"), std::string::npos);
}

TEST(TestBars, in_real_time_wait_for_each_frames_moment) {
  DrawnBars bars({.video = {.width = 64, .height = 64, .frame_rate = {200, 1}}, .realtime = true});
  EXPECT_TRUE(bars.source().describe().blocks);
  const Timestamp first = bars.next()->timing.captured;
  for (int frame = 1; frame <= 4; ++frame) {
    EXPECT_GE(bars.next()->timing.captured - first, milliseconds(5 * frame) - milliseconds(1));
  }
}

TEST(TestBars, in_real_time_a_stop_request_ends_the_wait_and_the_source) {
  DrawnBars bars({.video = {.width = 64, .height = 64, .frame_rate = {1, 60}}, .realtime = true});
  static_cast<void>(bars.next());
  std::stop_source stop;
  const Timestamp start = now();
  const std::jthread stopper([&stop] { stop.request_stop(); });
  EXPECT_FALSE(bars.next(stop.get_token()));
  EXPECT_LT(now() - start, seconds(30));
}

TEST(TestBars, unpaced_do_not_wait) {
  DrawnBars bars({.video = {.width = 64, .height = 64, .frame_rate = {1, 3600}}});
  EXPECT_FALSE(bars.source().describe().blocks);
  EXPECT_TRUE(bars.next());
  EXPECT_TRUE(bars.next());
}

}  // namespace
}  // namespace millrace
