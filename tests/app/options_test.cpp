// SPDX-License-Identifier: MIT
#include "app/options.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/app/expect_result.h"
#include "tests/app/scratch_folder.h"

namespace millrace::app {
namespace {

using Words = std::vector<std::string>;

std::string text_at(const Options& options, const char* path) {
  const Value* value = options.values.find(path);
  return value ? value->text : "(not set)";
}

Error error_in(const Words& words) {
  return error_of(parse_options(words));
}

TEST(Options, have_defaults_for_record_alone) {
  const Options options = value_of(parse_options({"record"}));

  EXPECT_EQ(options.command, Command::record);
  EXPECT_EQ(text_at(options, "source.kind"), "auto");
  EXPECT_EQ(text_at(options, "source.size"), "1920x1080");
  EXPECT_EQ(text_at(options, "output.path"), "millrace-%Y%m%d-%H%M%S.mkv");
}

TEST(Options, read_short_and_long_spellings) {
  const Options options = value_of(parse_options({"record", "-s", "test:bars", "--size=64x64", "-o",
                                                  "x.mkv", "-b", "4M", "--rc", "vbr", "-vv"}));

  EXPECT_EQ(text_at(options, "source.id"), "bars");
  EXPECT_EQ(text_at(options, "source.size"), "64x64");
  EXPECT_EQ(text_at(options, "output.path"), "x.mkv");
  EXPECT_EQ(text_at(options, "encode.bitrate"), "4M");
  EXPECT_EQ(options.verbosity, 2);
}

TEST(Options, take_the_last_of_an_option_that_is_repeated) {
  EXPECT_EQ(text_at(value_of(parse_options({"record", "--qp", "20", "--qp", "30"})), "encode.qp"),
            "30");
}

TEST(Options, name_the_nearest_to_an_unknown_one) {
  const Error error = error_in({"record", "--sise", "64x64"});

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.what, "unknown option of millrace record --sise");
  EXPECT_EQ(error.remedy, "did you mean --size?");
  EXPECT_EQ(error_in({"record", "--sise=64x64"}).remedy, "did you mean --size?");
}

TEST(Options, refuse_what_belongs_to_another_command) {
  EXPECT_HAS(error_in({"list", "sources", "--size", "1x1"}).what, "unknown option");
  EXPECT_HAS(error_in({"graph", "--duration", "1s"}).what, "unknown option");
  EXPECT_HAS(error_in({"record", "--print", "dot"}).what, "unknown option");
}

TEST(Options, name_the_nearest_to_an_unknown_command) {
  EXPECT_EQ(error_in({"recrod"}).what, "unknown command recrod");
  EXPECT_EQ(error_in({"recrod"}).remedy, "did you mean record?");
  EXPECT_EQ(error_in({"list", "source"}).remedy, "did you mean sources?");
}

TEST(Options, refuse_missing_and_surplus_words) {
  EXPECT_EQ(error_in({}).kind, ErrorKind::usage);
  EXPECT_EQ(error_in({"run"}).kind, ErrorKind::usage);
  EXPECT_EQ(error_in({"list"}).kind, ErrorKind::usage);
  EXPECT_EQ(error_in({"record", "--size"}).kind, ErrorKind::usage);
  EXPECT_HAS(error_in({"record", "clip.mkv"}).what, "unexpected argument \"clip.mkv\"");
  EXPECT_EQ(error_in({"record", "--realtime=no"}).kind, ErrorKind::usage);
  EXPECT_EQ(error_in({"record", "--realtime=no"}).what, "--realtime takes no value");
  EXPECT_EQ(error_in({"record", "--size="}).what, "--size has no value");
}

TEST(Options, name_the_option_whose_value_is_wrong) {
  EXPECT_HAS(error_in({"record", "--size", "0x0"}).what, "--size: \"0x0\" is not a size");
  EXPECT_HAS(error_in({"record", "--size", "100000x100000"}).what, "100000x100000 is beyond");
  EXPECT_HAS(error_in({"record", "--qp", "-1"}).what, "--qp: ");
  EXPECT_HAS(error_in({"record", "--rc", "icq"}).what, "--rc: \"icq\" is not one of cqp, vbr, cbr");
  EXPECT_HAS(error_in({"record", "--progress", "bar"}).what, "--progress: ");
  EXPECT_HAS(error_in({"record", "-s", "tset:bars"}).remedy, "test:bars");
  EXPECT_HAS(error_in({"record", "-s", "test:bars;strid=4"}).remedy, "did you mean stride?");
  EXPECT_HAS(error_in({"record", "-s", "file:"}).what, "the path is missing");
  EXPECT_HAS(error_in({"record", "-o", ""}).what, "--output: it is empty");
}

TEST(Options, lay_files_under_set_under_options) {
  const ScratchFolder folder;
  const std::string first = folder.write("first.toml",
                                         "[encode]\nqp = 10\npreset = 1\n"
                                         "[source]\nsize = \"64x64\"\nfps = 10\n");
  const std::string second = folder.write("second.toml",
                                          "[encode]\nqp = 20\npreset = 2\n"
                                          "[source]\nsize = \"66x66\"\n");

  const Options options =
      value_of(parse_options({"record", "-C", first, "--config", second, "--set", "encode.preset=3",
                              "--set", "source.size=68x68", "--size", "70x70"}));

  EXPECT_EQ(text_at(options, "source.fps"), "10");
  EXPECT_EQ(text_at(options, "encode.qp"), "20");
  EXPECT_EQ(text_at(options, "encode.preset"), "3");
  EXPECT_EQ(text_at(options, "source.size"), "70x70");
}

TEST(Options, refuse_json_with_another_form_of_the_plan) {
  const Error error = error_in({"graph", "--json", "--print", "dot"});

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_HAS(error.what, "--json and --print dot contradict each other");
  EXPECT_FALSE(parse_options({"graph", "--print", "text", "--json"}));
  EXPECT_EQ(value_of(parse_options({"graph", "--json", "--print", "json"})).plan_form,
            PlanForm::json);
  EXPECT_EQ(value_of(parse_options({"graph", "--json"})).plan_form, PlanForm::json);
  EXPECT_EQ(value_of(parse_options({"graph", "--print", "dot"})).plan_form, PlanForm::dot);
}

TEST(Options, print_every_value_with_its_origin) {
  const ScratchFolder folder;
  const std::string file = folder.write("a.toml", "[encode]\nqp = 10\n");

  const Options options = value_of(
      parse_options({"run", file, "--set", "encode.preset=3", "--size", "70x70", "--dry-run"}));

  EXPECT_TRUE(options.dry_run);
  const std::string text = options.values.text();
  EXPECT_HAS(text, "encode.qp = 10 ");
  EXPECT_HAS(text, "# " + file + ":2:6\n");
  EXPECT_HAS(text, "source.size = \"70x70\" ");
  EXPECT_HAS(text, "# --size\n");
  EXPECT_HAS(text, "# --set\n");
  EXPECT_HAS(text, "# built-in\n");
}

TEST(Options, print_settings_that_can_be_read_back) {
  const Options options = value_of(parse_options(
      {"record", "-s", "test:bars;stride=322", "-o", "a \"quoted\"\\name.mkv", "--realtime"}));
  const ScratchFolder folder;

  const Options again =
      value_of(parse_options({"run", folder.write("again.toml", options.values.text())}));

  EXPECT_EQ(text_at(again, "source.stride"), "322");
  EXPECT_EQ(text_at(again, "source.realtime"), "true");
  EXPECT_EQ(text_at(again, "output.path"), "a \"quoted\"\\name.mkv");
}

TEST(Options, print_settings_as_json_too) {
  const Options options = value_of(parse_options({"record", "--size", "70x70"}));

  const auto list = nlohmann::json::parse(options.values.json()).at("settings");

  bool found = false;
  for (const auto& entry : list) {
    if (entry.at("key") != "source.size") continue;
    found = true;
    EXPECT_EQ(entry.at("value"), "70x70");
    EXPECT_EQ(entry.at("origin"), "--size");
  }
  EXPECT_TRUE(found);
}

TEST(Options, forget_the_parts_of_a_source_that_is_replaced) {
  const Options options = value_of(
      parse_options({"record", "--set", "source=test:bars;stride=322", "-s", "file:clip.mkv"}));

  EXPECT_EQ(text_at(options, "source.kind"), "file");
  EXPECT_EQ(text_at(options, "source.id"), "clip.mkv");
  EXPECT_EQ(text_at(options, "source.stride"), "(not set)");
  EXPECT_EQ(text_at(options, "source.size"), "(not set)") << "a media file has its own size";
}

TEST(Options, name_the_nearest_key_for_set) {
  EXPECT_HAS(error_in({"record", "--set", "encode.qb=3"}).what, "unknown key encode.qb");
  EXPECT_EQ(error_in({"record", "--set", "encode.qb=3"}).remedy, "did you mean encode.qp?");
  EXPECT_EQ(error_in({"record", "--set", "encode.qp"}).kind, ErrorKind::usage);
}

TEST(Options, show_help_without_looking_at_anything_else) {
  EXPECT_EQ(value_of(parse_options({"-h"})).help, HelpForm::brief);
  EXPECT_EQ(value_of(parse_options({"record", "--help"})).help, HelpForm::full);
  EXPECT_EQ(value_of(parse_options({"run", "-h"})).help, HelpForm::brief);
  EXPECT_TRUE(value_of(parse_options({"--version"})).version);
}

}  // namespace
}  // namespace millrace::app
