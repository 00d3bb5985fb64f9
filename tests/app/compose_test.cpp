// SPDX-License-Identifier: MIT
// Composition on the software driver: the example configurations, what is between source and
// encoder, and what the summary says of it.
#include "app/compose.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "app/driver_path.h"
#include "app/job.h"
#include "app/options.h"
#include "engine/run/pipeline.h"
#include "tests/app/expect_result.h"
#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

/// The job of a command line, on the software driver beside the program.
Job job_of(std::vector<std::string> words) {
  set_driver_path();
  words.insert(words.end(), {"--device", "software"});
  const Options options = value_of(parse_options(words));
  return value_of(make_job(options));
}

std::vector<std::string> stage_names(const Composition& made) {
  std::vector<std::string> names;
  for (const Graph::Node& node : made.graph.nodes()) names.push_back(node.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(Compose, links_source_encoder_and_file_where_the_encoder_takes_the_frames) {
  const Job job = job_of({"record", "-s", "test:bars", "--size", "322x182", "-o", "x.mkv"});

  const Composition made = value_of(compose(job.config, job.output));

  EXPECT_EQ(stage_names(made), (Names{"source", "encode", "mux"}));
  EXPECT_TRUE(made.encoder->software);
  EXPECT_TRUE(made.remarks.empty());
}

TEST(Compose, puts_a_conversion_before_the_encoder_where_it_must) {
  for (const std::string format : {"BGRX", "RGBA", "I420", "YUYV", "P010"}) {
    const Job job = job_of({"record", "--size", "64x64", "--format", format, "-o", "x.mkv"});

    const Composition made = value_of(compose(job.config, job.output));

    EXPECT_EQ(stage_names(made), (Names{"source", "convert", "encode", "mux"})) << format;
  }
}

TEST(Compose, says_that_auto_is_test_bars) {
  const Job job = job_of({"record", "--size", "64x64", "-o", "x.mkv"});

  const Composition made = value_of(compose(job.config, job.output));

  ASSERT_EQ(made.remarks.size(), 1U);
  EXPECT_HAS(made.remarks.front(), "test:bars");
}

TEST(Compose, makes_no_file) {
  const ScratchFolder folder;
  const Job job = job_of({"record", "--size", "64x64", "-o", folder.file("x.mkv")});

  const Composition made = value_of(compose(job.config, job.output));

  EXPECT_FALSE(std::filesystem::exists(folder.file("x.mkv")));
}

TEST(Compose, refuses_a_container_that_nobody_knows_before_the_source_is_opened) {
  const Job job = job_of({"record", "-s", "file:/nowhere/a.mkv", "-o", "x.avi"});

  const Error error = error_of(compose(job.config, job.output));

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_HAS(error.what, "x.avi");
}

/// Commits and runs a job as `record` does.
std::unique_ptr<Pipeline> run_to_the_end(const Job& job) {
  Composition made = value_of(compose(job.config, job.output));
  auto pipeline = value_of(
      Pipeline::create(std::move(made.graph), std::move(made.allocators),
                       {.max_frames = job.config.frames, .max_duration = job.config.duration}));
  if (!pipeline) return nullptr;
  const Result<> ran = pipeline->run({});
  EXPECT_TRUE(ran) << (ran ? "" : ran.error().what);
  return pipeline;
}

/// `frames` grey pictures of 64x64 as YUV4MPEG2.
std::string grey_clip(int frames) {
  std::string clip = "YUV4MPEG2 W64 H64 F25:1 Ip A1:1 C420jpeg\n";
  for (int frame = 0; frame < frames; ++frame) {
    clip += "FRAME\n" + std::string(64 * 64 * 3 / 2, static_cast<char>(128));
  }
  return clip;
}

TEST(Compose, records_the_example_of_a_test_pattern_without_a_copy) {
  const ScratchFolder folder;
  const Job job = job_of({"run", MILLRACE_SOURCE_TREE "/configs/test_pattern.toml", "--set",
                          "source.size=128x96", "-o", folder.file("x.mkv")});

  const std::unique_ptr<Pipeline> pipeline = run_to_the_end(job);

  ASSERT_TRUE(pipeline);
  EXPECT_EQ(pipeline->snapshot().delivered, 60U);
  EXPECT_TRUE(check_plan(job.config.expect, pipeline->plan()));
  EXPECT_TRUE(check_ledger(job.config.expect, pipeline->ledger(), 60));
}

TEST(Compose, records_the_example_of_a_file_with_one_transform_and_no_copy) {
  const ScratchFolder folder;
  const std::string clip = folder.write("grey.y4m", grey_clip(12));
  const Job job = job_of({"run", MILLRACE_SOURCE_TREE "/configs/file_transcode.toml", "-s",
                          "file:" + clip, "-o", folder.file("x.mp4")});

  const std::unique_ptr<Pipeline> pipeline = run_to_the_end(job);

  ASSERT_TRUE(pipeline);
  EXPECT_EQ(pipeline->snapshot().delivered, 12U);
  EXPECT_EQ(pipeline->ledger().moves(observe::MoveKind::copy), 0U);
  EXPECT_EQ(pipeline->ledger().moves(observe::MoveKind::transform), 12U);
}

TEST(Compose, names_the_user_as_the_reason_for_more_buffers) {
  const Job job = job_of({"record", "--size", "64x64", "-o", "x.mkv", "--buffers", "3"});

  const OptionalNumber buffers = extra_buffers(job.config);

  ASSERT_TRUE(buffers);
  EXPECT_EQ(buffers->value, 3U);
  EXPECT_EQ(buffers->why.origin, Origin::user);
  EXPECT_EQ(buffers->why.raw, "--buffers 3");
}

}  // namespace
}  // namespace millrace::app
