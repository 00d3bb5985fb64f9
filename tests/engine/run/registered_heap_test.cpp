// SPDX-License-Identifier: MIT
// A heap that the program registered is one of every pipeline's: a stage gets it by its name.
#include <atomic>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/memory/allocator_registry.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/run/pipeline.h"
#include "tests/fake/fake_stages.h"

namespace millrace {
namespace {

/// memfds by another name, counted.
class OwnHeap final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "registered"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::memfd; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    ++made;
    return memfd_.allocate(size, params);
  }

  std::atomic<size_t> made{0};

 private:
  MemfdAllocator memfd_;
};

/// A source whose frames lie in one of these heaps; anywhere without a name.
class SourceIn final : public Stage {
 public:
  explicit SourceIn(std::string heap) : heap_(std::move(heap)) {}

  StageOffer describe() const override {
    StageOffer offer = source_.describe();
    auto& heaps = offer.ports[0].alternatives[0].memory.heaps;
    heaps.clear();
    if (!heap_.empty()) heaps = {{heap_, documented("test: it is wanted")}};
    return offer;
  }

  Result<Answer> decide_allocation(const Decision& decision) override {
    return source_.decide_allocation(decision);
  }

  Result<Flow> process(Work& work) override { return source_.process(work); }

 private:
  std::string heap_;
  fake::Source source_{{.frames = 5}};
};

/// A sink that takes its frames from wherever they lie.
class AnywhereSink final : public Stage {
 public:
  explicit AnywhereSink(fake::Seen& seen) : sink_(seen) {}

  StageOffer describe() const override {
    StageOffer offer = sink_.describe();
    offer.ports[0].alternatives[0].memory.heaps.clear();
    return offer;
  }

  Result<Answer> decide_allocation(const Decision& decision) override {
    return sink_.decide_allocation(decision);
  }

  Result<Flow> process(Work& work) override { return sink_.process(work); }

 private:
  fake::Sink sink_;
};

Result<std::unique_ptr<Pipeline>> make(const std::string& heap, fake::Seen& seen) {
  Graph graph;
  MILLRACE_TRY(graph.add("source", std::make_unique<SourceIn>(heap)));
  MILLRACE_TRY(graph.add("sink", std::make_unique<AnywhereSink>(seen)));
  MILLRACE_TRY(graph.link("source.out", "sink.in", fake::depth(2)));
  return Pipeline::create(std::move(graph), AllocatorSet::standard(), {.validate = true});
}

TEST(RegisteredHeap, is_where_the_frames_of_a_stage_lie_that_asks_for_it) {
  const auto heap = std::make_shared<OwnHeap>();
  ASSERT_TRUE(AllocatorRegistry::process().add({.allocator = heap}).has_value());
  fake::Seen seen;
  const auto pipeline = make("registered", seen);
  ASSERT_TRUE(pipeline) << pipeline.error().what;
  const PlanPool& pool = (*pipeline)->plan().pools.at(0);
  EXPECT_EQ(pool.heap, "registered");
  EXPECT_EQ(heap->made, pool.count.value);
  ASSERT_TRUE((*pipeline)->run({}).has_value());
  EXPECT_EQ(seen.take().size(), 5U);
}

TEST(RegisteredHeap, is_not_taken_where_nobody_asks_for_it) {
  const auto heap = std::make_shared<OwnHeap>();
  ASSERT_TRUE(AllocatorRegistry::process().add({.allocator = heap}).has_value());
  fake::Seen seen;
  const auto pipeline = make("", seen);
  ASSERT_TRUE(pipeline) << pipeline.error().what;
  EXPECT_EQ((*pipeline)->plan().pools.at(0).heap, "memfd");
  EXPECT_EQ(heap->made, 0U);
}

TEST(RegisteredHeap, is_none_before_it_is_registered) {
  fake::Seen seen;
  const auto pipeline = make("never-registered", seen);
  ASSERT_FALSE(pipeline);
  EXPECT_NE(pipeline.error().what.find("no heap serves"), std::string::npos)
      << pipeline.error().what;
}

}  // namespace
}  // namespace millrace
