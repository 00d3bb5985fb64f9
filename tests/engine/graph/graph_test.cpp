// SPDX-License-Identifier: MIT
#include "engine/graph/graph.h"

#include <algorithm>
#include <memory>

#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

/// A stage that says what it is told to say.
class OfferedStage final : public Stage {
 public:
  explicit OfferedStage(StageOffer offer) : offer_(std::move(offer)) {}

  [[nodiscard]] StageOffer describe() const override { return offer_; }

  void propose_allocation(AllocationQuery& query) const override {
    LayoutConstraints parameters;
    parameters.stride_align[0] = {256, documented("hardware reads lines of 256 bytes")};
    query.metas.push_back({"VideoMeta", parameters});
  }

  [[nodiscard]] Result<Answer> decide_allocation(const Decision&) override { return Accepted{}; }

  [[nodiscard]] Result<Flow> process(Work&) override { return Flow::end; }

 private:
  StageOffer offer_;
};

std::unique_ptr<Stage> stage_of(StageOffer offer) {
  offer.stage.clear();
  return std::make_unique<OfferedStage>(std::move(offer));
}

StageOffer filter() {
  PortOffer out{.name = "out", .direction = Direction::output, .stream = VideoFormat{}};
  return {.kind = StageKind::in_place, .ports = {input({import_of({})}), out}};
}

Fact<uint64_t> depth() {
  return {2, documented("queue between two lanes")};
}

void add(Graph& graph, const std::string& name, StageOffer offer) {
  const Result<> added = graph.add(name, stage_of(std::move(offer)));
  EXPECT_TRUE(added.has_value());
}

void link_ends(Graph& graph, const std::string& from, const std::string& to) {
  const Result<> linked = graph.link(from, to, depth());
  EXPECT_TRUE(linked.has_value()) << (linked ? "" : linked.error().what);
}

void expect_usage(const Result<>& result, const std::string& part) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  EXPECT_NE(result.error().what.find(part), std::string::npos) << result.error().what;
  EXPECT_FALSE(result.error().remedy.empty());
}

Graph source_and_sink() {
  Graph graph;
  add(graph, "source", source({PixelFormat::nv12, 640, 480}));
  add(graph, "sink", sink({import_of({})}));
  return graph;
}

TEST(Graph, describes_its_stages_upstream_first_with_names) {
  Graph graph;
  add(graph, "sink", sink({import_of(encoder_layout(64))}));
  add(graph, "filter", filter());
  add(graph, "source", source({PixelFormat::nv12, 640, 480}));
  link_ends(graph, "filter.out", "sink.in");
  link_ends(graph, "source.out", "filter.in");
  const Result<std::vector<StageOffer>> offers = graph.describe();
  ASSERT_TRUE(offers.has_value());
  ASSERT_EQ(offers->size(), 3U);
  EXPECT_EQ((*offers)[0].stage, "source");
  EXPECT_EQ((*offers)[1].stage, "filter");
  EXPECT_EQ((*offers)[2].stage, "sink");
  const auto& align = (*offers)[2].ports[0].alternatives[0].layout.stride_align[0];
  ASSERT_TRUE(align.has_value());
  EXPECT_EQ(align->why.stage, "sink");
  EXPECT_EQ(align->why.port, "in");
}

TEST(Graph, refuses_a_name_that_is_taken_or_empty) {
  Graph graph = source_and_sink();
  expect_usage(graph.add("source", stage_of(sink({}))), "the name is taken");
  expect_usage(graph.add("", stage_of(sink({}))), "the name is empty");
}

TEST(Graph, refuses_links_to_ends_that_are_not_there) {
  Graph graph = source_and_sink();
  expect_usage(graph.link("camera.out", "sink.in", depth()), "no stage \"camera\"");
  expect_usage(graph.link("source.audio", "sink.in", depth()), "no output \"audio\"");
  expect_usage(graph.link("source", "sink.in", depth()), "not of the form stage.port");
  expect_usage(graph.link("source.", "sink.in", depth()), "not of the form stage.port");
}

TEST(Graph, refuses_links_in_the_wrong_direction) {
  Graph graph = source_and_sink();
  expect_usage(graph.link("sink.in", "source.out", depth()), "no output \"in\"");
  expect_usage(graph.link("source.out", "source.out", depth()), "no input \"out\"");
}

TEST(Graph, refuses_a_second_link_of_one_end) {
  Graph graph = source_and_sink();
  add(graph, "other", sink({import_of({})}));
  link_ends(graph, "source.out", "sink.in");
  expect_usage(graph.link("source.out", "other.in", depth()), "uses one of the ends");
}

TEST(Graph, refuses_a_port_without_a_link) {
  Graph graph = source_and_sink();
  const auto offers = graph.describe();
  ASSERT_FALSE(offers.has_value());
  EXPECT_EQ(offers.error().kind, ErrorKind::usage);
  EXPECT_NE(offers.error().what.find("source.out is not linked"), std::string::npos);
}

TEST(Graph, refuses_a_loop) {
  Graph graph;
  add(graph, "first", filter());
  add(graph, "second", filter());
  link_ends(graph, "first.out", "second.in");
  link_ends(graph, "second.out", "first.in");
  const auto offers = graph.describe();
  ASSERT_FALSE(offers.has_value());
  EXPECT_EQ(offers.error().kind, ErrorKind::usage);
  EXPECT_NE(offers.error().what.find("loop"), std::string::npos);
}

TEST(Graph, gives_the_same_plan_in_whatever_order_stages_are_added) {
  std::vector<std::string> names{"filter", "sink", "source"};
  std::string first;
  do {
    Graph graph;
    for (const std::string& name : names) {
      add(graph, name,
          name == "source" ? source({PixelFormat::nv12, 1366, 768})
          : name == "sink" ? sink({import_of(encoder_layout(256))})
                           : filter());
    }
    link_ends(graph, "source.out", "filter.in");
    link_ends(graph, "filter.out", "sink.in");
    NegotiationInput input = input_of({}, graph.links());
    input.stages = graph.describe().take();
    const Plan plan = expect_plan(input);
    const std::string text = plan.json() + plan.text();
    if (first.empty()) first = text;
    EXPECT_EQ(text, first);
  } while (std::ranges::next_permutation(names).found);
}

TEST(Graph, asks_every_input_what_it_would_lend_and_understand) {
  Graph graph = source_and_sink();
  link_ends(graph, "source.out", "sink.in");

  const Result<std::vector<StageOffer>> offers = graph.describe();

  ASSERT_TRUE(offers.has_value());
  EXPECT_TRUE(offers->front().ports.front().proposal.metas.empty()) << "an output is not asked";
  const std::vector<AllocationQuery::MetaProposal>& metas =
      offers->back().ports.front().proposal.metas;
  ASSERT_EQ(metas.size(), 1U);
  EXPECT_EQ(metas[0].name, "VideoMeta");
  EXPECT_EQ(metas[0].parameters.stride_align[0]->why.stage, "sink");
}

}  // namespace
}  // namespace millrace::test
