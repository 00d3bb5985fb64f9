// SPDX-License-Identifier: MIT
// Plans as stories: each scenario's plan, in text and JSON, is kept beside its name. Set
// MILLRACE_UPDATE_SCENARIOS=1 to write them anew, then read the difference.
#include "tests/engine/graph/scenarios.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

using Json = nlohmann::json;

constexpr std::string_view json_mark = "\n--- json\n";

std::string path_of(const Scenario& scenario) {
  return std::string(MILLRACE_SCENARIOS) + "/" + scenario.name + ".plan";
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string golden_of(const Scenario& scenario, const Plan& plan) {
  return scenario.story + "\n\n" + plan.text() + std::string(json_mark) + plan.json() + "\n";
}

TEST(Scenarios, plans_are_as_they_were) {
  const char* const update = std::getenv("MILLRACE_UPDATE_SCENARIOS");
  for (const Scenario& scenario : all_scenarios()) {
    const std::string golden = golden_of(scenario, expect_plan(scenario.input));
    if (update && *update == '1') std::ofstream(path_of(scenario)) << golden;
    EXPECT_EQ(golden, read_file(path_of(scenario))) << scenario.name;
  }
}

TEST(Scenarios, the_same_offers_give_the_same_plan) {
  for (const Scenario& scenario : all_scenarios()) {
    const Plan first = expect_plan(scenario.input);
    const Plan second = expect_plan(scenario.input);
    EXPECT_EQ(first.text(), second.text());
    EXPECT_EQ(first.json(), second.json());
    EXPECT_EQ(first.dot(), second.dot());
  }
}

bool is_complete(const Json& why) {
  for (const char* key : {"stage", "port", "origin", "raw"}) {
    if (!why.contains(key) || !why[key].is_string() || why[key].get<std::string>().empty()) {
      return false;
    }
  }
  return true;
}

/// Counts the numbers below `node`; each must be the value of an object with reasons.
size_t count_numbers(const Json& node, const std::string& place) {
  size_t numbers = 0;
  if (node.is_object() && node.contains("value")) {
    EXPECT_TRUE(node["value"].is_number()) << place;
    EXPECT_TRUE(node.contains("why") && !node["why"].empty()) << place << " has no reason";
    for (const Json& why : node.value("why", Json::array())) {
      EXPECT_TRUE(is_complete(why)) << place << ": " << why;
    }
    return 1;
  }
  EXPECT_FALSE(node.is_number()) << place << " is a number without a reason";
  if (!node.is_structured()) return 0;
  for (const auto& [key, child] : node.items()) numbers += count_numbers(child, place + "/" + key);
  return numbers;
}

TEST(Scenarios, every_number_of_every_golden_plan_has_complete_reasons) {
  for (const Scenario& scenario : all_scenarios()) {
    const std::string golden = read_file(path_of(scenario));
    const size_t mark = golden.find(json_mark);
    ASSERT_NE(mark, std::string::npos) << scenario.name;
    const Json plan = Json::parse(golden.substr(mark + json_mark.size()));
    EXPECT_GE(count_numbers(plan, scenario.name), 16U) << scenario.name;
  }
}

TEST(Scenarios, a_walker_would_notice_a_number_without_reasons) {
  EXPECT_FALSE(is_complete(Json::parse(R"({"stage":"a","port":"b","origin":"user","raw":""})")));
  EXPECT_FALSE(is_complete(Json::parse(R"({"stage":"a","port":"b","origin":"user"})")));
  EXPECT_TRUE(is_complete(Json::parse(R"({"stage":"a","port":"b","origin":"user","raw":"c"})")));
}

Plan plan_of(const std::string& name) {
  for (const Scenario& scenario : all_scenarios()) {
    if (scenario.name == name) return expect_plan(scenario.input);
  }
  ADD_FAILURE() << "no scenario " << name;
  return {};
}

TEST(Scenarios, a_pinned_stride_is_one_copy_with_both_sides_named) {
  const Plan plan = plan_of("bars_pinned_stride");
  EXPECT_EQ(plan.copies_per_frame(), 1U);
  EXPECT_EQ(plan.copied_bytes_per_frame(), 87'906U);
  const PlanEdge* edge = plan.edge_into("encode.in");
  ASSERT_NE(edge, nullptr);
  EXPECT_EQ(edge->verdict, Verdict::copied);
  ASSERT_EQ(edge->conflict.size(), 2U);
  EXPECT_EQ(edge->conflict[0].raw, "--source test:bars;stride=322");
  EXPECT_EQ(edge->conflict[1].raw, "vaDeriveImage: pitches in steps of 256");
  ASSERT_FALSE(edge->remedies.empty());
  EXPECT_EQ(edge->remedies[0], "source with stride 512 instead of 322 (verified by solving again)");
  EXPECT_EQ(plan.pool_of("encode.in")->plane[0].stride.value, 512U);
  EXPECT_EQ(plan.pool_of("source.out")->plane[0].stride.value, 322U);
}

TEST(Scenarios, a_converter_reads_once_and_nothing_is_copied) {
  const Plan plan = plan_of("rgb_converted");
  EXPECT_EQ(plan.copies_per_frame(), 0U);
  EXPECT_EQ(plan.transforms_per_frame(), 1U);
  EXPECT_EQ(plan.edge_into("convert.in")->verdict, Verdict::transform);
  EXPECT_EQ(plan.edge_into("encode.in")->verdict, Verdict::shared);
  EXPECT_NE(plan.pool_of("convert.in"), plan.pool_of("convert.out"));
}

TEST(Scenarios, a_driver_that_copies_by_itself_is_counted) {
  const Plan plan = plan_of("driver_copies");
  const PlanEdge* edge = plan.edge_into("encode.in");
  ASSERT_NE(edge, nullptr);
  EXPECT_EQ(edge->verdict, Verdict::copied);
  EXPECT_TRUE(edge->ingest_copy);
  EXPECT_FALSE(edge->copy_pool.has_value());
  EXPECT_EQ(edge->alternative, "put-image");
  EXPECT_EQ(plan.copied_bytes_per_frame(), 1'573'632U);
}

TEST(Scenarios, stages_in_place_share_their_neighbours_pool) {
  const Plan plan = plan_of("overlay_in_place");
  EXPECT_EQ(plan.pool_of("source.out"), plan.pool_of("encode.in"));
  EXPECT_EQ(plan.pool_of("overlay.out"), plan.pool_of("encode.in"));
}

TEST(Scenarios, packets_are_no_part_of_the_frame_copies) {
  const Plan plan = plan_of("bars_shared");
  const PlanPool* packets = plan.pool_of("mux.video0");
  ASSERT_NE(packets, nullptr);
  EXPECT_EQ(packets->heap, "host");
  EXPECT_EQ(packets->size.value, 1366U * 768U * 3U + 65536U);
  EXPECT_EQ(packets->count.value, 9U);
  EXPECT_EQ(plan.copied_bytes_per_frame(), 0U);
}

TEST(Scenarios, the_graph_for_graphviz_colours_edges_by_verdict) {
  const std::string copied = plan_of("bars_pinned_stride").dot();
  EXPECT_NE(copied.find("color=red"), std::string::npos) << copied;
  EXPECT_NE(copied.find("87906 B/frame"), std::string::npos) << copied;
  EXPECT_NE(plan_of("rgb_converted").dot().find("color=orange"), std::string::npos);
}

}  // namespace
}  // namespace millrace::test
