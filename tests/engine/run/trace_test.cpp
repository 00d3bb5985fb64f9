// SPDX-License-Identifier: MIT
// Frames that carry a TraceMeta know which stages had them.
#include <vector>

#include <gtest/gtest.h>

#include "engine/run/pipeline.h"
#include "tests/fake/fake_stages.h"

namespace millrace {
namespace {

/// Three frames, each with an empty trace but the second.
class TracedSource final : public Stage {
 public:
  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::source};
    offer.ports.push_back(fake::frame_port("out", Direction::output, {.width = 64, .height = 64}));
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (next_ == 3) return Flow::end;
    Ref<Buffer> frame = std::move(work.output);
    if (next_++ != 1) MILLRACE_TRY(frame->add(TraceMeta{}));
    work.emit(std::move(frame));
    return Flow::next;
  }

 private:
  int next_ = 0;
};

/// Takes the traces of the frames that it gets.
class TraceReader final : public Stage {
 public:
  explicit TraceReader(std::vector<TraceMeta>& traces) : traces_(traces) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::sink};
    offer.ports.push_back(fake::frame_port("in", Direction::input, {.width = 64, .height = 64}));
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (!work.input) return Flow::end;
    if (const auto* const trace = work.input->find<TraceMeta>()) traces_.push_back(*trace);
    return Flow::next;
  }

 private:
  std::vector<TraceMeta>& traces_;
};

TEST(Trace, names_each_stage_that_had_the_frame_in_their_order) {
  std::vector<TraceMeta> traces;
  Graph graph;
  ASSERT_TRUE(graph.add("source", std::make_unique<TracedSource>()));
  ASSERT_TRUE(graph.add("sink", std::make_unique<TraceReader>(traces)));
  ASSERT_TRUE(graph.link("source.out", "sink.in", fake::depth(2)));
  auto pipeline = Pipeline::create(std::move(graph), AllocatorSet::standard(), {});
  ASSERT_TRUE(pipeline) << pipeline.error().what;

  ASSERT_TRUE((*pipeline)->run({}));

  ASSERT_EQ(traces.size(), 2U);
  for (const TraceMeta& trace : traces) {
    ASSERT_EQ(trace.kept(), 2U);
    EXPECT_NE(trace.kept(0).stage, trace.kept(1).stage);
    EXPECT_NE(trace.kept(0).stage, observe::no_stage);
    EXPECT_LE(trace.kept(0).ticks, trace.kept(1).ticks);
  }
}

}  // namespace
}  // namespace millrace
