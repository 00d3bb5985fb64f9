// SPDX-License-Identifier: MIT
#include "engine/run/pipeline.h"

#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/fake/fake_stages.h"

namespace millrace {
namespace {

std::vector<uint64_t> first_numbers(uint64_t count) {
  std::vector<uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

struct Chain {
  fake::SourceSettings source;
  std::vector<std::unique_ptr<Stage>> middle;
  fake::SinkSettings sink;
  uint64_t queue = 2;
};

Result<std::unique_ptr<Pipeline>> make(Chain chain, fake::Seen& seen,
                                       const PipelineOptions& options = {}) {
  Graph graph;
  MILLRACE_TRY(graph.add("source", std::make_unique<fake::Source>(chain.source)));
  std::string last = "source";
  for (auto& stage : chain.middle) {
    const std::string name = "middle" + std::to_string(graph.nodes().size());
    MILLRACE_TRY(graph.add(name, std::move(stage)));
    MILLRACE_TRY(graph.link(last + ".out", name + ".in", fake::depth(chain.queue)));
    last = name;
  }
  MILLRACE_TRY(graph.add("sink", std::make_unique<fake::Sink>(seen, chain.sink)));
  MILLRACE_TRY(graph.link(last + ".out", "sink.in", fake::depth(chain.queue)));
  return Pipeline::create(std::move(graph), AllocatorSet::standard(), options);
}

std::unique_ptr<Pipeline> expect_made(Result<std::unique_ptr<Pipeline>> made) {
  EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().what);
  return made ? std::move(*made) : nullptr;
}

TEST(Pipeline, delivers_every_frame_in_order) {
  fake::Seen seen;
  const auto pipeline = expect_made(make({.source = {.frames = 500}}, seen));
  ASSERT_TRUE(pipeline);

  ASSERT_TRUE(pipeline->run({}).has_value());

  EXPECT_EQ(seen.take(), first_numbers(500));
  EXPECT_EQ(pipeline->snapshot().delivered, 500U);
  EXPECT_EQ(pipeline->snapshot().dropped, 0U);
}

TEST(Pipeline, runs_stages_without_a_queue_between_them_in_one_lane) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 50}, .queue = 0};
  chain.middle.push_back(std::make_unique<fake::PassThrough>());
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  ASSERT_TRUE(pipeline->run({}).has_value());

  EXPECT_EQ(seen.take(), first_numbers(50));
}

TEST(Pipeline, delivers_what_a_stage_still_holds_at_the_end) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 20}};
  chain.middle.push_back(std::make_unique<fake::Holder>(4));
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  ASSERT_TRUE(pipeline->run({}).has_value());

  EXPECT_EQ(seen.take(), first_numbers(20));
}

TEST(Pipeline, mixes_stages_that_block_with_stages_that_do_not) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 50, .blocks = true}, .sink = {.blocks = true}};
  chain.middle.push_back(std::make_unique<fake::PassThrough>());
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  ASSERT_TRUE(pipeline->run({}).has_value());

  EXPECT_EQ(seen.take(), first_numbers(50));
  EXPECT_FALSE(pipeline->snapshot().limit_reached);
  EXPECT_TRUE(pipeline->snapshot().source_ended);
}

TEST(Pipeline, stops_at_the_wanted_number_of_frames) {
  fake::Seen seen;
  const auto pipeline = expect_made(make({.source = {.frames = 500}}, seen, {.max_frames = 7}));
  ASSERT_TRUE(pipeline);

  ASSERT_TRUE(pipeline->run({}).has_value());

  EXPECT_EQ(seen.take(), first_numbers(7));
  EXPECT_TRUE(pipeline->snapshot().limit_reached);
  EXPECT_FALSE(pipeline->snapshot().source_ended);
}

TEST(Pipeline, stops_before_the_first_frame_at_the_wanted_stream_time) {
  fake::Seen seen;
  const auto pipeline = expect_made(
      make({.source = {.frames = 500}}, seen, {.max_duration = std::chrono::milliseconds(100)}));
  ASSERT_TRUE(pipeline);

  ASSERT_TRUE(pipeline->run({}).has_value());

  EXPECT_EQ(seen.take(), first_numbers(10));  // 10 ms apart
  EXPECT_TRUE(pipeline->snapshot().limit_reached);
}

TEST(Pipeline, finishes_the_sink_when_asked_to_stop) {
  fake::Seen seen;
  const auto pipeline = expect_made(make({.source = {.frames = UINT64_MAX, .blocks = true}}, seen));
  ASSERT_TRUE(pipeline);
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    stop.request_stop();
  });

  ASSERT_TRUE(pipeline->run(stop.get_token()).has_value());

  EXPECT_TRUE(seen.drained);
  EXPECT_TRUE(seen.stopped);
  EXPECT_EQ(pipeline->snapshot().dropped, 0U);
}

TEST(Pipeline, ends_at_once_and_finishes_the_sink_when_the_stop_came_before_the_run) {
  fake::Seen seen;
  const auto pipeline = expect_made(make({.source = {.frames = UINT64_MAX}}, seen));
  ASSERT_TRUE(pipeline);
  std::stop_source stop;
  stop.request_stop();

  ASSERT_TRUE(pipeline->run(stop.get_token()).has_value());

  EXPECT_TRUE(seen.take().empty());
  EXPECT_TRUE(seen.drained);
  EXPECT_TRUE(seen.stopped);
}

TEST(Pipeline, delivers_what_came_before_a_source_failed) {
  fake::Seen seen;
  const auto pipeline = expect_made(make({.source = {.frames = 100, .fail_at = 30}}, seen));
  ASSERT_TRUE(pipeline);

  const Result<> result = pipeline->run({});

  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::source_lost);
  EXPECT_EQ(result.error().what, "source: fake source: unplugged");
  EXPECT_EQ(seen.take(), first_numbers(30));
  EXPECT_TRUE(seen.drained);
}

TEST(Pipeline, ends_when_the_sink_fails) {
  fake::Seen seen;
  const auto pipeline =
      expect_made(make({.source = {.frames = UINT64_MAX}, .sink = {.fail_at = 5}}, seen));
  ASSERT_TRUE(pipeline);

  const Result<> result = pipeline->run({});

  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::output_failed);
  EXPECT_TRUE(seen.stopped);
}

TEST(Pipeline, drains_what_stands_behind_a_stage_that_fails) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 100}};
  chain.middle.push_back(
      std::make_unique<fake::PassThrough>([count = 0](Work&) mutable -> Result<> {
        if (++count == 10) return fail(ErrorKind::internal, "fake filter: broken");
        return {};
      }));
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  const Result<> result = pipeline->run({});

  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(seen.take(), first_numbers(9));
  EXPECT_TRUE(seen.drained);
}

TEST(Pipeline, ends_with_the_error_of_a_stage_that_throws) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 100}};
  chain.middle.push_back(std::make_unique<fake::PassThrough>(
      [](Work&) -> Result<> { throw std::runtime_error("fake filter: thrown"); }));
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  const Result<> result = pipeline->run({});

  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().what, "middle1: fake filter: thrown");
  EXPECT_TRUE(seen.drained);
}

TEST(Pipeline, names_the_stage_that_hangs_and_finishes_what_stands_behind_it) {
  // The threads outlive the test, and so does all that they use.
  static fake::Seen seen;
  static const std::atomic<bool> may_go_on{false};
  Chain chain{.source = {.frames = UINT64_MAX}};
  chain.middle.push_back(
      std::make_unique<fake::PassThrough>([count = 0](Work&) mutable -> Result<> {
        if (++count == 5) may_go_on.wait(false);
        return {};
      }));
  static Pipeline* const pipeline =
      expect_made(make(std::move(chain), seen, {.stop_deadline = std::chrono::milliseconds(50)}))
          .release();
  ASSERT_TRUE(pipeline);
  std::stop_source stop;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    stop.request_stop();
  });

  const Result<> result = pipeline->run(stop.get_token());

  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  EXPECT_NE(result.error().what.find("stage middle1 did not end"), std::string::npos)
      << result.error().what;
  EXPECT_EQ(seen.take(), first_numbers(4));
  EXPECT_TRUE(seen.drained);
  EXPECT_TRUE(seen.stopped);
}

TEST(Pipeline, fails_a_run_in_which_a_stage_touches_frames_that_it_said_it_would_not) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 3}};
  chain.middle.push_back(std::make_unique<fake::PassThrough>([](Work& work) -> Result<> {
    const ReadView view = MILLRACE_TRY(work.input->read());
    return {};
  }));
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  const Result<> result = pipeline->run({});

  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().what.find("without having declared it"), std::string::npos);
}

TEST(Pipeline, shares_one_pool_along_in_place_stages) {
  fake::Seen seen;
  Chain chain{.source = {.frames = 3}};
  chain.middle.push_back(std::make_unique<fake::PassThrough>());
  const auto pipeline = expect_made(make(std::move(chain), seen));
  ASSERT_TRUE(pipeline);

  EXPECT_EQ(pipeline->plan().pools.size(), 1U);
  for (const PlanEdge& edge : pipeline->plan().edges) EXPECT_EQ(edge.verdict, Verdict::shared);
  EXPECT_EQ(pipeline->plan().copied_bytes_per_frame(), 0U);
}

}  // namespace
}  // namespace millrace
