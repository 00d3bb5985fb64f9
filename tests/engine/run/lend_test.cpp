// SPDX-License-Identifier: MIT
// A stage that lends a heap of its own: pools in it, and what is planned when it cannot fill them.
#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "engine/memory/memfd_allocator.h"
#include "engine/run/pipeline.h"
#include "tests/fake/fake_stages.h"

namespace millrace {
namespace {

/// memfds by another name, until they run out.
class OwnHeap final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "own"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::memfd; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    if (left == 0) return fail(ErrorKind::unavailable, "allocate in the own heap: it is full");
    --left;
    return memfd_.allocate(size, params);
  }

  size_t left = 100;

 private:
  MemfdAllocator memfd_;
};

/// Takes frames in its own heap, else by a copy that it makes itself.
class Lender final : public Stage {
 public:
  struct Settings {
    size_t buffers = 100;       ///< that the heap can make
    bool refuses = false;       ///< at commit, what lies in the heap
    bool copies = true;         ///< offers the second way
    bool moves_memory = false;  ///< between CPU windows
  };

  explicit Lender(const Settings& settings) : settings_(settings) { heap_.left = settings.buffers; }

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::sink};
    offer.ports.push_back(fake::frame_port("in", Direction::input, {.width = 64, .height = 64}));
    std::vector<Alternative>& ways = offer.ports[0].alternatives;
    ways[0].name = "own";
    ways[0].lends = true;
    ways[0].memory.heaps = {{"own", documented("fake: its own heap")}};
    if (settings_.moves_memory) {
      ways[0].memory.moves_between_windows = {true, documented("fake: maps for each window")};
    }
    if (settings_.copies) {
      ways.push_back(fake::plain_alternative(PixelFormat::nv12));
      ways[1].name = "copy";
      ways[1].cpu.read = true;
      ways[1].ingest_copy = IngestCopy{"as offered", "fake", documented("fake: it copies")};
      offer.inherent = {{"fake: behind the copy", 1, documented("fake"), "copy"}};
    }
    return offer;
  }

  Allocator* lend(std::string_view heap) override { return heap == "own" ? &heap_ : nullptr; }

  Result<Answer> decide_allocation(const Decision& decision) override {
    taken = decision.port("in")->alternative;
    if (settings_.refuses && taken == "own") {
      return Answer(Refused{"in", {.name = "own"}, "the fake wants no frame of its own heap"});
    }
    return Answer(Accepted{});
  }

  Result<Flow> process(Work& work) override {
    if (work.draining) return Flow::end;
    if (taken == "copy") static_cast<void>(MILLRACE_TRY(work.input->read()));
    return Flow::next;
  }

  std::string taken;

 private:
  Settings settings_;
  OwnHeap heap_;
};

/// A source that does not care where its frames lie, unless its memory must stay mapped.
class AnywhereSource final : public Stage {
 public:
  explicit AnywhereSource(bool memory_must_stay) : must_stay_(memory_must_stay) {}

  StageOffer describe() const override {
    StageOffer offer = source_.describe();
    MemoryConstraints& memory = offer.ports[0].alternatives[0].memory;
    memory.heaps.clear();
    if (must_stay_) memory.address_must_stay = {true, documented("fake: reads its frames later")};
    return offer;
  }

  Result<Answer> decide_allocation(const Decision& decision) override {
    return source_.decide_allocation(decision);
  }

  Result<Flow> process(Work& work) override { return source_.process(work); }

 private:
  bool must_stay_;
  fake::Source source_{{.frames = 5}};
};

struct Made {
  std::unique_ptr<Pipeline> pipeline;
  Lender* lender = nullptr;
};

Result<Made> make(const Lender::Settings& settings, bool memory_must_stay = false) {
  Graph graph;
  Made made;
  auto lender = std::make_unique<Lender>(settings);
  made.lender = lender.get();
  MILLRACE_TRY(graph.add("source", std::make_unique<AnywhereSource>(memory_must_stay)));
  MILLRACE_TRY(graph.add("sink", std::move(lender)));
  MILLRACE_TRY(graph.link("source.out", "sink.in", fake::depth(2)));
  made.pipeline = MILLRACE_TRY(
      Pipeline::create(std::move(graph), AllocatorSet::standard(), {.validate = true}));
  return made;
}

TEST(LentHeap, holds_the_pool_and_the_plan_says_who_lends_it) {
  const Result<Made> made = make({});
  ASSERT_TRUE(made) << made.error().what;
  const Plan& plan = made->pipeline->plan();
  ASSERT_EQ(plan.pools.size(), 1U);
  EXPECT_EQ(plan.pools[0].heap, "own");
  EXPECT_EQ(plan.pools[0].heap_reason, "lent by sink.in");
  EXPECT_EQ(made->lender->taken, "own");
  EXPECT_TRUE(plan.stages[1].inherent.empty()) << "of the way that was not taken";
  EXPECT_TRUE(made->pipeline->run({}));
  EXPECT_EQ(made->pipeline->snapshot().delivered, 5U);
}

/// The copy that the second way makes, and that it runs.
void expect_copied_because(const Made& made, const std::string& why) {
  const PlanEdge& edge = made.pipeline->plan().edges[0];
  EXPECT_EQ(made.lender->taken, "copy");
  EXPECT_EQ(edge.verdict, Verdict::copied);
  EXPECT_NE(edge.reason.find(why), std::string::npos) << edge.reason;
  EXPECT_EQ(made.pipeline->plan().stages[1].inherent.size(), 1U);
  const Result<> ran = made.pipeline->run({});
  EXPECT_TRUE(ran) << "the copying way declares its windows: " << ran.error().what;
}

TEST(LentHeap, that_cannot_fill_the_pool_makes_way_for_the_next_alternative) {
  const Result<Made> made = make({.buffers = 1});
  ASSERT_TRUE(made) << made.error().what;
  expect_copied_because(*made, "it is full");
}

TEST(LentHeap, whose_pool_is_refused_makes_way_for_the_next_alternative) {
  const Result<Made> made = make({.refuses = true});
  ASSERT_TRUE(made) << made.error().what;
  expect_copied_because(*made, "wants no frame of its own heap");
}

TEST(LentHeap, that_is_the_only_way_ends_with_its_reason) {
  for (const Lender::Settings& settings :
       {Lender::Settings{.buffers = 1, .copies = false}, {.refuses = true, .copies = false}}) {
    const Result<Made> made = make(settings);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::unavailable);
    EXPECT_NE(made.error().what.find("own heap"), std::string::npos) << made.error().what;
  }
}

TEST(LentHeap, that_moves_is_not_for_a_stage_that_reads_its_frames_later) {
  const auto edge_of = [](const Result<Made>& made) { return made->pipeline->plan().edges[0]; };
  const Result<Made> moves = make({.moves_memory = true});
  const Result<Made> stays = make({}, true);
  const Result<Made> both = make({.moves_memory = true}, true);
  ASSERT_TRUE(moves && stays && both);
  EXPECT_EQ(edge_of(moves).verdict, Verdict::shared);
  EXPECT_EQ(edge_of(stays).verdict, Verdict::shared);
  EXPECT_EQ(edge_of(both).verdict, Verdict::copied);
  EXPECT_NE(edge_of(both).reason.find("after its CPU window"), std::string::npos)
      << edge_of(both).reason;
}

}  // namespace
}  // namespace millrace
