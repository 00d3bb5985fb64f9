// SPDX-License-Identifier: MIT
// Test pictures through a pipeline into a device that keeps what it is shown.
#include "hw/v4l2/output_stage.h"

#include <vector>

#include <gtest/gtest.h>

#include "engine/run/pipeline.h"
#include "engine/stages/frame_counter.h"
#include "engine/stages/test_bars_source.h"
#include "tests/hw/v4l2/fake_device.h"

namespace millrace::v4l2::test {
namespace {

constexpr uint32_t width = 320;
constexpr uint32_t height = 180;
constexpr uint64_t frames = 12;
constexpr uint64_t picture_bytes = width * height * 3 / 2;

const VideoFormat video{PixelFormat::nv12, width, height, {30, 1}, bt709_limited};

/// A run of test:bars into `fake`.
struct Fed {
  Result<> ended;
  RunSnapshot counts;
  std::string what;
  uint64_t copies = 0, copied_bytes = 0;
  uint64_t planned_copies = 0;
  std::optional<Proof> proof;
};

Result<Fed> feed(FakeDevice& fake, std::optional<uint64_t> stride = std::nullopt) {
  auto device = MILLRACE_TRY(OutputDevice::open("/dev/video9", fake));
  Grant grant = MILLRACE_TRY(device->choose(std::vector<Wish>{{video}}));
  auto output = std::make_unique<OutputStage>(std::move(device), std::move(grant));
  const OutputStage& borrowed = *output;
  Graph graph;
  std::unique_ptr<Stage> source =
      MILLRACE_TRY(TestBarsSource::create({video, false, stride, "test:bars"}));
  MILLRACE_TRY(graph.add("source", std::move(source)));
  MILLRACE_TRY(graph.add("output", std::move(output)));
  MILLRACE_TRY(graph.link("source.out", "output.in", {2, documented("a queue of the test")}));
  auto pipeline = MILLRACE_TRY(Pipeline::create(std::move(graph), AllocatorSet::standard(),
                                                {.max_frames = frames, .validate = true}));
  Fed run;
  run.ended = pipeline->run({});
  run.counts = pipeline->snapshot();
  run.what = borrowed.what();
  run.copies = pipeline->ledger().moves(observe::MoveKind::copy);
  run.copied_bytes = pipeline->ledger().bytes(observe::MoveKind::copy);
  run.planned_copies = pipeline->plan().copies_per_frame();
  run.proof = pipeline->proof();
  return run;
}

/// The number that test:bars has drawn into a picture of rows of `stride` bytes.
std::optional<uint32_t> number_in(const std::vector<std::byte>& picture, size_t stride = width) {
  const auto reading = read_counter({picture.data(), stride, width, height});
  return reading ? std::optional(reading->frame) : std::nullopt;
}

void expect_all_shown(const FakeDevice& fake, size_t stride = width) {
  const auto shown = fake.shown();
  ASSERT_EQ(shown.size(), frames);
  for (uint32_t number = 0; number < frames; ++number) {
    EXPECT_EQ(shown[number].size(), stride * height * 3 / 2);
    EXPECT_EQ(number_in(shown[number], stride), number);
  }
}

/// Nothing of the device's is kept once the pipeline has gone.
void expect_all_returned(const FakeDevice& fake) {
  EXPECT_EQ(fake.mapped(), 0U);
  EXPECT_FALSE(fake.has_buffers());
  EXPECT_FALSE(fake.streams());
}

void expect_ended_well(const Fed& run, const std::string& way) {
  EXPECT_TRUE(run.ended) << run.ended.error().what;
  EXPECT_EQ(run.counts.delivered, frames);
  EXPECT_EQ(run.counts.packet_bytes, 0U);
  EXPECT_EQ(run.what, "Fake, NV12 320x180 by " + way);
  EXPECT_TRUE(run.proof && run.proof->holds());
}

TEST(OutputStage, has_frames_written_into_the_devices_own_buffers) {
  FakeDevice fake;

  const Fed run = feed(fake).take();

  expect_ended_well(run, "own-buffer");
  EXPECT_EQ(run.copies, 0U);
  EXPECT_EQ(run.planned_copies, 0U);
  expect_all_shown(fake);
  expect_all_returned(fake);
}

TEST(OutputStage, takes_all_buffers_at_once_from_a_driver_that_adds_none) {
  FakeDevice fake({.adds_buffers = false});

  const Fed run = feed(fake).take();

  expect_ended_well(run, "own-buffer");
  expect_all_shown(fake);
  expect_all_returned(fake);
}

TEST(OutputStage, writes_where_the_device_lends_nothing) {
  FakeDevice fake({.capabilities = by_write});

  const Fed run = feed(fake).take();

  expect_ended_well(run, "write");
  EXPECT_EQ(run.copies, frames);
  EXPECT_EQ(run.copied_bytes, frames * picture_bytes);
  EXPECT_EQ(run.planned_copies, 1U);
  expect_all_shown(fake);
}

TEST(OutputStage, writes_where_the_device_lends_too_few_buffers) {
  FakeDevice fake({.most_buffers = 2});

  const Fed run = feed(fake).take();

  expect_ended_well(run, "write");
  expect_all_shown(fake);
  expect_all_returned(fake);
}

TEST(OutputStage, draws_with_the_devices_stride) {
  for (const uint32_t capabilities : {by_write, by_lending}) {
    FakeDevice fake({.capabilities = capabilities, .stride_step = 256});

    const Fed run = feed(fake).take();

    EXPECT_TRUE(run.ended);
    expect_all_shown(fake, 512);
  }
}

TEST(OutputStage, puts_frames_of_another_stride_in_place_by_one_copy) {
  FakeDevice fake({.capabilities = by_write});

  const Fed run = feed(fake, 384).take();

  expect_ended_well(run, "gather");
  EXPECT_EQ(run.copies, frames);
  expect_all_shown(fake);
}

TEST(OutputStage, copies_frames_of_another_stride_into_lent_buffers) {
  FakeDevice fake({.capabilities = by_lending});

  const Fed run = feed(fake, 384).take();

  expect_ended_well(run, "own-buffer");
  EXPECT_EQ(run.copies, frames);
  expect_all_shown(fake);
  expect_all_returned(fake);
}

TEST(OutputStage, plans_again_for_a_device_that_lays_pictures_out_otherwise_than_it_said) {
  FakeDevice fake({.set_step = 256});

  const Fed run = feed(fake).take();

  EXPECT_TRUE(run.ended);
  expect_all_shown(fake, 512);
}

TEST(OutputStage, waits_for_a_device_that_is_not_ready) {
  FakeDevice fake({.capabilities = by_write, .not_now = 5});

  const Fed run = feed(fake).take();

  expect_ended_well(run, "write");
  expect_all_shown(fake);
}

TEST(OutputStage, ends_with_a_failed_output_when_the_device_is_unplugged) {
  for (const uint32_t capabilities : {by_write, by_lending}) {
    FakeDevice fake({.capabilities = capabilities, .gone_after = 5});

    const Fed run = feed(fake).take();

    ASSERT_FALSE(run.ended);
    EXPECT_EQ(run.ended.error().kind, ErrorKind::output_failed);
    EXPECT_NE(run.ended.error().what.find("No such device"), std::string::npos);
    EXPECT_NE(run.ended.error().remedy.find("unplugged"), std::string::npos);
    EXPECT_EQ(fake.mapped(), 0U);
  }
}

TEST(OutputStage, takes_half_a_picture_for_a_failure) {
  FakeDevice fake({.capabilities = by_write, .takes_at_most = picture_bytes / 2});

  const Fed run = feed(fake).take();

  ASSERT_FALSE(run.ended);
  EXPECT_EQ(run.ended.error().kind, ErrorKind::output_failed);
  EXPECT_NE(run.ended.error().what.find("43200 of 86400 bytes"), std::string::npos)
      << run.ended.error().what;
}

}  // namespace
}  // namespace millrace::v4l2::test
