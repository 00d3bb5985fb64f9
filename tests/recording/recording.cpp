// SPDX-License-Identifier: MIT
#include "tests/recording/recording.h"

#include <gtest/gtest.h>

#include "tests/recording/media.h"

namespace millrace::recording {

nlohmann::json Recording::at(const std::string& pointer) const {
  const nlohmann::json::json_pointer place(pointer);
  return summary.contains(place) ? summary.at(place) : nlohmann::json();
}

uint64_t Recording::count(const std::string& pointer) const {
  const nlohmann::json value = at(pointer);
  EXPECT_TRUE(value.is_number()) << pointer << " in " << outcome;
  return value.is_number() ? value.get<uint64_t>() : ~uint64_t{0};
}

std::string Recording::text(const std::string& pointer) const {
  const nlohmann::json value = at(pointer);
  EXPECT_TRUE(value.is_string()) << pointer << " in " << outcome;
  return value.is_string() ? value.get<std::string>() : std::string();
}

nlohmann::json Recording::edge_from(const std::string& from) const {
  for (const nlohmann::json& edge : at("/edges")) {
    if (edge.value("from", "").starts_with(from)) return edge;
  }
  return {};
}

Recording record(const TempFolder& folder, const Order& order) {
  Recording recording;
  recording.path = folder.file(order.output);
  Invocation invocation{.environment = order.environment, .folder = folder.path().string()};
  invocation.arguments = {"record", "--json", "--device", "software", "-o", recording.path};
  invocation.arguments.insert(invocation.arguments.end(), order.options.begin(),
                              order.options.end());
  recording.outcome = run(invocation);
  recording.summary = nlohmann::json::parse(recording.outcome.out, nullptr, false);
  if (!recording.summary.is_object()) recording.summary = nlohmann::json::object();
  return recording;
}

void expect_exit(const Outcome& outcome, int code) {
  EXPECT_FALSE(outcome.timed_out) << outcome;
  EXPECT_EQ(outcome.signal, 0) << outcome;
  EXPECT_EQ(outcome.exit_code, code) << outcome;
  for (const char* const complaint : {"Sanitizer", "runtime error:"}) {
    EXPECT_EQ(outcome.err.find(complaint), std::string::npos) << outcome;
  }
}

void expect_complete(const Recording& recording, uint64_t frames) {
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.text("/output/path"), recording.path);
  EXPECT_EQ(recording.count("/frames/delivered"), frames);
  EXPECT_EQ(recording.count("/frames/dropped"), 0U);
  EXPECT_EQ(recording.count("/frames/duplicated"), 0U);
  EXPECT_EQ(recording.count("/frames/distinct"), frames);
  for (const char* const pointer :
       {"/latency_ms/p50", "/latency_ms/p99", "/fps", "/cpu_s", "/peak_rss_bytes"}) {
    EXPECT_TRUE(recording.at(pointer).is_number()) << pointer << " in " << recording.outcome;
  }
  for (const char* const pointer :
       {"/encoder/driver", "/encoder/vendor", "/encoder/codec", "/encoder/rate_control"}) {
    EXPECT_FALSE(recording.text(pointer).empty()) << pointer;
  }
  EXPECT_EQ(recording.at("/encoder/software"), true) << recording.outcome;
  EXPECT_EQ(facts_of(recording.path).frames, frames) << recording.outcome;
}

void expect_no_copy(const Recording& recording, uint64_t transforms) {
  EXPECT_EQ(recording.count("/copies/bytes"), 0U) << recording.outcome;
  EXPECT_EQ(recording.count("/copies/per_frame"), 0U);
  EXPECT_EQ(recording.count("/transforms/per_frame"), transforms) << recording.outcome;
  const nlohmann::json edges = recording.at("/edges");
  EXPECT_GE(edges.size(), 1U) << recording.outcome;
  for (const nlohmann::json& edge : edges) {
    EXPECT_NE(edge.value("verdict", ""), "copied") << edge;
    EXPECT_EQ(edge.value("copied_bytes_per_frame", 1), 0) << edge;
    EXPECT_NE(edge.value("reason", ""), "") << edge;
  }
}

}  // namespace millrace::recording
