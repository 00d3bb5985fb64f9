// SPDX-License-Identifier: MIT
// Pictures that change their size while the run goes on, and frames that a source could not make.
#include <optional>

#include <gtest/gtest.h>

#include "engine/memory/memfd_allocator.h"
#include "engine/run/pipeline.h"
#include "tests/fake/fake_stages.h"

namespace millrace {
namespace {

enum class NewPool { asked_for, smuggled_in };

/// Ten frames; from frame 5 on in another size. Frames 2 and 3 are skipped, frame 6 is late.
class ResizedWindow final : public Stage {
 public:
  explicit ResizedWindow(NewPool way) : way_(way) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::source};
    offer.ports.push_back(fake::frame_port("out", Direction::output, {.width = 64, .height = 64}));
    offer.ports[0].role.acquires_itself = true;
    return offer;
  }

  Result<Answer> decide_allocation(const Decision& decision) override {
    out_ = *decision.port("out");
    return Answer(Accepted{});
  }

  Result<Flow> process(Work& work) override {
    if (next_ == 10) return Flow::end;
    if (next_ == 5) {
      if (!out_.replace_pool) return fail(ErrorKind::source_lost, "the size changed");
      const Layout layout = MILLRACE_TRY(tight_layout(PixelFormat::nv12, 32, 48));
      out_.pool = MILLRACE_TRY(make_pool({32, 48, layout}));
    }
    Ref<Buffer> frame = MILLRACE_TRY(out_.pool->acquire(work.stop));
    frame->timing.sequence = next_;
    frame->flags.late = next_ == 6;
    next_ += next_ == 1 ? 3 : 1;
    work.emit(std::move(frame));
    return Flow::next;
  }

 private:
  Result<Ref<BufferPool>> make_pool(const VideoMeta& video) {
    if (way_ == NewPool::asked_for) return out_.replace_pool(video);
    return BufferPool::create(allocator_, {.size = video.layout.size, .video = video});
  }

  NewPool way_;
  MemfdAllocator allocator_;
  Decision::Port out_;
  uint64_t next_ = 0;
};

/// Notes the width of each frame.
class AnySize final : public Stage {
 public:
  AnySize(std::vector<uint32_t>& widths, bool any_size) : widths_(widths), any_size_(any_size) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::sink};
    offer.ports.push_back(fake::frame_port("in", Direction::input, {.width = 64, .height = 64}));
    offer.ports[0].role.any_size = any_size_;
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (!work.input) return Flow::end;
    widths_.push_back(work.input->video()->width);
    return Flow::next;
  }

 private:
  std::vector<uint32_t>& widths_;
  bool any_size_;
};

struct Outcome {
  std::vector<uint32_t> widths;
  RunSnapshot snapshot;
  std::optional<Proof> proof;
  std::optional<Error> error;
};

Outcome run_with(NewPool way, bool any_size) {
  Outcome run;
  Graph graph;
  EXPECT_TRUE(graph.add("source", std::make_unique<ResizedWindow>(way)));
  EXPECT_TRUE(graph.add("sink", std::make_unique<AnySize>(run.widths, any_size)));
  EXPECT_TRUE(graph.link("source.out", "sink.in", fake::depth(2)));
  auto pipeline = Pipeline::create(std::move(graph), AllocatorSet::standard(), {.validate = true});
  EXPECT_TRUE(pipeline) << pipeline.error().what;
  if (!pipeline) return run;
  const Result<> ran = (*pipeline)->run({});
  if (!ran) run.error = ran.error();
  run.snapshot = (*pipeline)->snapshot();
  run.proof = (*pipeline)->proof();
  return run;
}

TEST(PoolReplacement, lets_a_source_go_on_in_another_size) {
  const Outcome run = run_with(NewPool::asked_for, true);

  EXPECT_FALSE(run.error) << run.error->what;
  EXPECT_EQ(run.widths, (std::vector<uint32_t>{64, 64, 64, 32, 32, 32, 32, 32}));
  ASSERT_TRUE(run.proof);
  EXPECT_NE(run.proof->identity.verdict, LegVerdict::contradicts) << run.proof->identity.detail;
}

TEST(PoolReplacement, is_not_offered_before_a_stage_that_needs_the_planned_size) {
  const Outcome run = run_with(NewPool::asked_for, false);

  ASSERT_TRUE(run.error);
  EXPECT_EQ(run.error->kind, ErrorKind::source_lost);
  EXPECT_EQ(run.widths, (std::vector<uint32_t>{64, 64, 64}));
}

TEST(PoolReplacement, does_not_hide_a_pool_that_nobody_planned_from_the_proof) {
  const Outcome run = run_with(NewPool::smuggled_in, true);

  EXPECT_EQ(run.widths.size(), 8U);
  ASSERT_TRUE(run.proof);
  EXPECT_EQ(run.proof->identity.verdict, LegVerdict::contradicts) << run.proof->identity.detail;
}

TEST(Skipped, frames_are_the_gaps_in_a_sources_numbers) {
  const Outcome run = run_with(NewPool::asked_for, true);

  EXPECT_EQ(run.snapshot.captured, 8U);
  EXPECT_EQ(run.snapshot.skipped, 2U);
  EXPECT_EQ(run.snapshot.late, 1U);
  EXPECT_EQ(run.snapshot.dropped, 0U);
}

}  // namespace
}  // namespace millrace
