// SPDX-License-Identifier: MIT
// The commands as a user types them: what is on stdout, what is on stderr, which files are made.
#include <sstream>

#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Outcome in_folder(const TempFolder& folder, Words arguments) {
  return run({.arguments = std::move(arguments), .folder = folder.path().string()});
}

nlohmann::json parsed(const std::string& text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << text.substr(0, 2000);
  return json;
}

TEST(Record, without_a_source_or_a_name_records_test_bars_and_says_so) {
  const TempFolder folder;
  const Outcome outcome = in_folder(folder, {"record", "--duration", "1s"});
  expect_exit(outcome, 0);
  EXPECT_NE(outcome.err.find("test:bars"), std::string::npos) << outcome;
  const Words files = folder.names();
  ASSERT_EQ(files.size(), 1U) << outcome;
  EXPECT_TRUE(files[0].starts_with("millrace-")) << files[0];
  EXPECT_EQ(outcome.out, files[0] + "\n") << "exactly the path of the file";
  const MediaFacts facts = facts_of(folder.file(files[0]));
  EXPECT_EQ(facts.frames, 30U);
  EXPECT_EQ(facts.width, 1920U);
  EXPECT_EQ(facts.height, 1080U);
}

TEST(Record, prints_exactly_the_path_on_stdout_even_when_quiet_or_verbose) {
  const TempFolder folder;
  for (const std::string more : {"--quiet", "-v", "--progress=json"}) {
    const std::string path = folder.file(more + ".mkv");
    const Outcome outcome =
        in_folder(folder, {"record", "--size", "64x64", "--frames", "3", "-o", path, more});
    expect_exit(outcome, 0);
    EXPECT_EQ(outcome.out, path + "\n");
    if (more == "--quiet") {
      EXPECT_EQ(outcome.err, "");
    }
  }
}

TEST(Record, fills_the_time_into_the_name) {
  const TempFolder folder;
  const Outcome outcome =
      in_folder(folder, {"record", "--size", "64x64", "--frames", "2", "-o", "at-%Y-100%%.mkv"});
  expect_exit(outcome, 0);
  ASSERT_EQ(folder.names().size(), 1U);
  EXPECT_TRUE(folder.names()[0].starts_with("at-20")) << folder.names()[0];
  EXPECT_TRUE(folder.names()[0].ends_with("-100%.mkv")) << folder.names()[0];
}

TEST(Record, replaces_a_file_only_where_it_is_told_to) {
  const TempFolder folder;
  const Words options = {"--size", "64x64", "--frames", "3"};
  expect_complete(record(folder, {.options = options}), 3);
  const std::string before = read_bytes(folder.file("out.mkv"));
  expect_exit(record(folder, {.options = options}).outcome, 2);
  EXPECT_EQ(read_bytes(folder.file("out.mkv")), before);
  expect_complete(
      record(folder, {.options = {"--size", "64x64", "--frames", "5", "--overwrite", "always"}}),
      5);
}

TEST(Record, works_twice_at_the_same_time) {
  const TempFolder folder;
  const auto order = [&folder](const std::string& name) {
    return Invocation{.arguments = {"record", "--json", "--size", "320x180", "--frames", "60", "-o",
                                    folder.file(name)}};
  };
  Child first(order("a.mkv"));
  Child second(order("b.mp4"));
  expect_exit(first.wait(), 0);
  expect_exit(second.wait(), 0);
  EXPECT_EQ(counters_of(decode(folder.file("a.mkv"))), consecutive(60));
  EXPECT_EQ(counters_of(decode(folder.file("b.mp4"))), consecutive(60));
}

TEST(Record, stops_at_whichever_of_frames_and_duration_comes_first) {
  const TempFolder folder;
  expect_complete(
      record(folder, {.options = {"--size", "64x64", "--frames", "7", "--duration", "10s"}}), 7);
  expect_complete(
      record(folder, {.options = {"--size", "64x64", "--frames", "100", "--duration", "400ms"},
                      .output = "short.mkv"}),
      12);
}

TEST(Record, paced_by_the_clock_takes_as_long_as_the_stream) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--size", "64x64", "--realtime", "--duration", "1s"}});
  expect_complete(recording, 30);
  EXPECT_GT(recording.at("/elapsed_s").get<double>(), 0.9);
}

TEST(Record, takes_buffers_beyond_what_the_plan_needs) {
  const TempFolder folder;
  expect_complete(
      record(folder, {.options = {"--size", "64x64", "--frames", "30", "--buffers", "5"}}), 30);
}

TEST(Progress, as_json_is_one_object_a_line_beside_plain_log_lines) {
  const TempFolder folder;
  const Outcome outcome =
      in_folder(folder, {"record", "--size", "64x64", "--realtime", "--duration", "2500ms",
                         "--progress", "json", "--log-format", "json", "-o", "out.mkv"});
  expect_exit(outcome, 0);
  size_t progress = 0;
  for (const std::string& line : lines_of(outcome.err)) {
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, false);
    if (!object.is_object()) continue;  // the summary is for people
    EXPECT_EQ(object.value("v", 0), 1) << line;
    if (object.value("type", "") != "progress") continue;
    ++progress;
    EXPECT_TRUE(object["delivered"].is_number_unsigned()) << line;
    EXPECT_TRUE(object["fps"].is_number()) << line;
  }
  EXPECT_GE(progress, 2U) << outcome;
}

class Graph : public testing::TestWithParam<std::string> {};

TEST_P(Graph, is_printed_without_making_a_file) {
  const TempFolder folder;
  const Outcome outcome = in_folder(folder, {"graph", "-s", "test:bars;stride=322", "--size",
                                             "322x182", "--print", GetParam(), "-o", "out.mkv"});
  expect_exit(outcome, 0);
  EXPECT_EQ(folder.names(), Words{});
  EXPECT_NE(outcome.out.find("source"), std::string::npos);
  EXPECT_NE(outcome.out.find("322"), std::string::npos);
  if (GetParam() == "json") {
    const nlohmann::json plan = parsed(outcome.out);
    EXPECT_TRUE(plan.is_object());
    EXPECT_FALSE(plan["edges"].empty()) << plan;
    EXPECT_FALSE(plan["pools"].empty()) << plan;
  }
  if (GetParam() == "dot") {
    EXPECT_TRUE(outcome.out.starts_with("digraph")) << outcome.out;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Graph, testing::Values("text", "json", "dot"),
                         [](const auto& one) { return one.param; });

TEST(DryRun, prints_settings_with_their_origins_and_makes_nothing) {
  const TempFolder folder;
  folder.write("job.toml", "[encode]\nqp = 30\n");
  for (const std::string command : {"record", "run"}) {
    Words arguments = {command, "--dry-run", "--size", "64x64", "--set", "encode.keyint=9"};
    const Words file = command == "run" ? Words{"job.toml"} : Words{"-C", "job.toml"};
    arguments.insert(arguments.begin() + 1, file.begin(), file.end());
    const Outcome outcome = in_folder(folder, arguments);
    expect_exit(outcome, 0);
    EXPECT_NE(outcome.out.find("job.toml:2:6"), std::string::npos) << outcome;
    EXPECT_NE(outcome.out.find("--size"), std::string::npos) << outcome;
    EXPECT_NE(outcome.out.find("--set"), std::string::npos) << outcome;
    EXPECT_NE(outcome.out.find("built-in"), std::string::npos) << outcome;
    EXPECT_EQ(folder.names(), Words{"job.toml"});
    arguments.emplace_back("--json");
    EXPECT_TRUE(parsed(in_folder(folder, arguments).out).is_object());
  }
}

TEST(Run, takes_the_short_and_the_full_form) {
  const TempFolder folder;
  folder.write("short.toml",
               "schema = 1\nsource = \"test:bars\"\noutput = \"short.mkv\"\n"
               "[length]\nframes = 4\n");
  folder.write("full.toml",
               "source = { kind = \"test\", id = \"bars\", size = \"128x96\", fps = 25 }\n"
               "encode = { codec = \"h264\", rc = \"cqp\", qp = 22 }\n"
               "output = { path = \"full.mp4\", overwrite = \"always\" }\n"
               "length = { frames = 6 }\n[expect]\nmax_copies = 0\n");
  expect_exit(in_folder(folder, {"run", "short.toml", "--size", "64x64"}), 0);
  expect_exit(in_folder(folder, {"run", "full.toml"}), 0);
  EXPECT_EQ(facts_of(folder.file("short.mkv")).frames, 4U);
  const MediaFacts full = facts_of(folder.file("full.mp4"));
  EXPECT_EQ(full.frames, 6U);
  EXPECT_EQ(full.width, 128U);
  EXPECT_EQ(full.rate, "25/1");
}

TEST(Run, breaks_with_8_where_an_expectation_of_the_file_does) {
  const TempFolder folder;
  folder.write("job.toml",
               "source = \"test:bars;stride=322\"\noutput = \"out.mkv\"\n"
               "[expect]\nmax_copies = 0\n");
  expect_exit(in_folder(folder, {"run", "job.toml", "--size", "322x182", "--frames", "2"}), 8);
  EXPECT_EQ(folder.names(), Words{"job.toml"});
}

class List : public testing::TestWithParam<std::string> {};

TEST_P(List, is_text_for_people_and_json_for_programs) {
  const Outcome text = millrace({"list", GetParam()});
  expect_exit(text, 0);
  EXPECT_FALSE(lines_of(text.out).empty());
  const Outcome json = millrace({"list", GetParam(), "--json"});
  expect_exit(json, 0);
  const nlohmann::json list = parsed(json.out);
  EXPECT_TRUE(list.is_array());
  EXPECT_FALSE(list.empty());
}

INSTANTIATE_TEST_SUITE_P(Of, List, testing::Values("sources", "encoders", "formats"),
                         [](const auto& one) { return one.param; });

TEST(Probe, passes_here_and_names_the_software_driver) {
  const Outcome text = millrace({"probe"});
  expect_exit(text, 0);
  EXPECT_NE(text.out.find("software"), std::string::npos) << text;
  const Outcome json = millrace({"probe", "--json"});
  expect_exit(json, 0);
  EXPECT_FALSE(parsed(json.out).is_null());
}

TEST(Help, is_there_for_every_command_in_two_lengths) {
  for (const Words& command :
       {Words{}, Words{"record"}, Words{"run"}, Words{"graph"}, Words{"list"}, Words{"probe"}}) {
    Words brief = command;
    brief.emplace_back("-h");
    Words full = command;
    full.emplace_back("--help");
    const Outcome short_text = millrace(brief);
    const Outcome long_text = millrace(full);
    expect_exit(short_text, 0);
    expect_exit(long_text, 0);
    EXPECT_NE(short_text.out.find("Usage"), std::string::npos) << short_text;
    EXPECT_GT(long_text.out.size(), short_text.out.size());
    EXPECT_TRUE(long_text.out.starts_with("Examples")) << long_text;
  }
}

TEST(Version, is_one_line) {
  const Outcome outcome = millrace({"--version"});
  expect_exit(outcome, 0);
  EXPECT_EQ(lines_of(outcome.out).size(), 1U);
  EXPECT_TRUE(outcome.out.starts_with("millrace ")) << outcome;
}

TEST(NoCommand, shows_what_there_is) {
  const Outcome outcome = millrace({});
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_NE((outcome.out + outcome.err).find("record"), std::string::npos) << outcome;
}

}  // namespace
}  // namespace millrace::recording
