// SPDX-License-Identifier: MIT
#include "app/pipeline_config.h"

#include <gtest/gtest.h>

#include "app/config.h"
#include "app/options.h"
#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

Result<PipelineConfig> config_of(std::vector<std::string> words) {
  words.insert(words.begin(), "record");
  const Options options = value_of(parse_options(words));
  return make_pipeline_config(options.values);
}

/// Of the command line or of what it says.
Error error_in_any(std::vector<std::string> words) {
  words.insert(words.begin(), "record");
  const Result<Options> options = parse_options(words);
  return options ? error_of(make_pipeline_config(options->values)) : options.error();
}

Error error_in(std::vector<std::string> words) {
  return error_of(config_of(std::move(words)));
}

TEST(PipelineConfig, is_test_bars_where_nothing_is_said) {
  const PipelineConfig config = value_of(config_of({}));

  EXPECT_EQ(config.source.kind, SourceKind::test_bars);
  EXPECT_EQ(config.source.size, (Size{1920, 1080}));
  EXPECT_EQ(config.source.frame_rate, (Fraction{30, 1}));
  EXPECT_EQ(config.encode.rate_control, RateControl::automatic);
  EXPECT_EQ(config.output.overwrite, Overwrite::never);
  EXPECT_FALSE(config.duration);
}

TEST(PipelineConfig, knows_the_parts_of_a_desktop) {
  const SourceSettings screen = value_of(config_of({"-s", "x11::7"})).source;
  EXPECT_EQ(screen.kind, SourceKind::desktop);
  EXPECT_EQ(screen.display, ":7");
  EXPECT_TRUE(screen.cursor);
  EXPECT_FALSE(screen.scaled_to);

  const SourceSettings monitor = value_of(config_of({"-s", "monitor:HDMI-1;display=:1", "--cursor",
                                                     "no", "--size", "640x480"}))
                                     .source;
  EXPECT_EQ(monitor.target.monitor, "HDMI-1");
  EXPECT_EQ(monitor.display, ":1");
  EXPECT_EQ(monitor.name, "monitor:HDMI-1;display=:1");
  EXPECT_FALSE(monitor.cursor);
  EXPECT_EQ(monitor.scaled_to, (Size{640, 480}));

  EXPECT_EQ(value_of(config_of({"-s", "region:640x480+10+-20"})).source.target.region,
            (x11::Area{10, -20, 640, 480}));
  EXPECT_EQ(value_of(config_of({"-s", "window:0x3a00007"})).source.target.window, 0x3a00007U);
}

TEST(PipelineConfig, refuses_desktops_that_are_none_and_settings_that_are_not_theirs) {
  for (const char* source :
       {"region:640x480", "region:0x480+0+0", "region:640x480+0+99999", "region:640x480+0+0+0",
        "window:0", "window:xterm", "window:0x100000000", "window:0x",
        "monitor:", "window:", "monitor:A;stride=3", "x11:;display"}) {
    EXPECT_EQ(error_in_any({"-s", source}).kind, ErrorKind::usage) << source;
  }
  EXPECT_NE(error_in({"-s", "x11:", "--format", "NV12"}).what.find("--format"), std::string::npos);
  EXPECT_NE(error_in({"-s", "test:bars", "--cursor", "no"}).what.find("--cursor"),
            std::string::npos);
  EXPECT_EQ(error_in({"--set", "source.kind=window"}).kind, ErrorKind::usage);
}

TEST(PipelineConfig, takes_every_setting) {
  const PipelineConfig config = value_of(config_of({"-s",         "test:bars;stride=322",
                                                    "--size",     "322x182",
                                                    "--fps",      "25",
                                                    "--format",   "i420",
                                                    "--realtime", "--duration",
                                                    "5s",         "--frames",
                                                    "9",          "--rc",
                                                    "vbr",        "-b",
                                                    "4M",         "--max-bitrate",
                                                    "6M",         "--keyint",
                                                    "30",         "--preset",
                                                    "50",         "--matrix",
                                                    "bt601",      "--range",
                                                    "full",       "-o",
                                                    "x.mp4",      "--container",
                                                    "mp4",        "--overwrite",
                                                    "always",     "--require",
                                                    "zero-copy",  "--max-copies",
                                                    "1",          "--buffers",
                                                    "4",          "--device",
                                                    "software"}));

  EXPECT_EQ(config.source.name, "test:bars;stride=322");
  EXPECT_EQ(config.source.stride, 322U);
  EXPECT_EQ(config.source.format, PixelFormat::i420);
  EXPECT_TRUE(config.source.realtime);
  EXPECT_EQ(config.duration, std::chrono::seconds(5));
  EXPECT_EQ(config.frames, 9U);
  EXPECT_EQ(config.encode.rate_control, RateControl::vbr);
  EXPECT_EQ(config.encode.bitrate, 4'000'000U);
  EXPECT_EQ(config.encode.max_bitrate, 6'000'000U);
  EXPECT_EQ(config.encode.preset, 50);
  EXPECT_EQ(config.encode.matrix, ColourMatrix::bt601);
  EXPECT_EQ(config.encode.range, ColourRange::full);
  EXPECT_EQ(config.encode.device, "software");
  EXPECT_EQ(config.output.container, ContainerChoice::mp4);
  EXPECT_EQ(config.output.overwrite, Overwrite::always);
  EXPECT_TRUE(config.expect.zero_copy);
  EXPECT_EQ(config.expect.max_copies, 1U);
  EXPECT_EQ(config.buffers, 4U);
  EXPECT_EQ(config.buffers_origin, "--buffers 4");
}

TEST(PipelineConfig, refuses_an_odd_size_of_a_subsampled_format_with_the_nearest) {
  const Error error = error_in({"--size", "321x181"});

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_HAS(error.what, "321x181");
  EXPECT_HAS(error.remedy, "--size 322x182");
  EXPECT_TRUE(config_of({"--size", "321x181", "--format", "BGRX"}));
}

TEST(PipelineConfig, refuses_a_format_that_no_source_makes_and_names_those_that_are_made) {
  const Error known = error_in_any({"--format", "NV21"});
  EXPECT_EQ(known.kind, ErrorKind::usage);
  EXPECT_HAS(known.what, "NV21\" is a format that no source here makes");
  EXPECT_HAS(known.remedy, "NV12, I420, YUYV, BGRX, RGBA, P010");

  EXPECT_HAS(error_in_any({"--format", "NV99"}).what, "NV99\" is no known pixel format");
}

TEST(PipelineConfig, refuses_settings_that_contradict_each_other) {
  EXPECT_HAS(error_in({"--rc", "vbr"}).what, "--rc vbr needs a bit rate");
  EXPECT_HAS(error_in({"--rc", "cbr"}).remedy, "--bitrate");
  EXPECT_HAS(error_in({"--rc", "cqp", "-b", "4M"}).what, "--rc cqp and --bitrate 4M exclude");
  EXPECT_HAS(error_in({"--qp", "20", "-b", "4M"}).what, "--qp 20 is for cqp, which --bitrate 4M");
  EXPECT_HAS(error_in({"--rc", "vbr", "--qp", "20"}).what, "--qp 20 is for cqp, which --rc vbr");
  EXPECT_HAS(error_in({"--rc", "vbr", "--qp", "20"}).remedy, "--rc cqp");
  EXPECT_HAS(error_in({"--max-bitrate", "4M"}).what, "--max-bitrate 4M");
  const Error peak = error_in({"--rc", "cbr", "-b", "4M", "--max-bitrate", "6M"});
  EXPECT_EQ(peak.kind, ErrorKind::usage);
  EXPECT_HAS(peak.what, "--max-bitrate 6M is for vbr, which --rc cbr");
  EXPECT_HAS(peak.remedy, "--rc vbr");
  EXPECT_HAS(error_in({"-b", "4M", "--max-bitrate", "3M"}).what, "is below --bitrate 4M");
}

TEST(PipelineConfig, refuses_a_size_for_a_file_that_has_its_own) {
  EXPECT_HAS(error_in({"-s", "file:a.mkv", "--size", "64x64"}).what, "--size 64x64");
  EXPECT_HAS(error_in({"-s", "file:a.mkv", "--fps", "30"}).what, "--fps 30");
  EXPECT_TRUE(config_of({"-s", "file:a.nv12", "--size", "64x64", "--fps", "30"}));
  EXPECT_TRUE(config_of({"-s", "file:a.mkv"}));
}

TEST(PipelineConfig, takes_a_dash_and_its_other_names_for_stdout_and_nothing_else) {
  for (const char* path : {"-", "/dev/stdout", "/dev/fd/1"}) {
    EXPECT_TRUE(is_stdout(value_of(config_of({"-o", path})).output.path)) << path;
  }
  EXPECT_FALSE(is_stdout(value_of(config_of({"-o", "./-"})).output.path));
}

TEST(PipelineConfig, refuses_what_stdout_cannot_have) {
  const Error plain = error_in({"-o", "-", "--container", "mp4"});
  EXPECT_EQ(plain.kind, ErrorKind::usage);
  EXPECT_HAS(plain.what, "--container mp4");
  EXPECT_HAS(plain.remedy, "fmp4");
  EXPECT_TRUE(config_of({"-o", "-", "--container", "fmp4"}));
  EXPECT_HAS(error_in({"-o", "-", "--on-saved", "true"}).what, "--on-saved true");
}

TEST(PipelineConfig, keeps_room_on_the_disk_unless_told_otherwise) {
  EXPECT_EQ(value_of(config_of({})).output.min_free, 256ULL << 20);
  EXPECT_EQ(value_of(config_of({"--min-free", "1GiB"})).output.min_free, 1ULL << 30);
  EXPECT_EQ(value_of(config_of({"--min-free", "0"})).output.min_free, 0U);
  EXPECT_EQ(value_of(config_of({"--on-saved", "true"})).output.on_saved, "true");
}

TEST(PipelineConfig, checks_a_distance_of_key_frames_at_the_rate_of_the_source) {
  EXPECT_TRUE(config_of({"--keyint", "1h", "--fps", "10"}));
  const Error error = error_in({"--keyint", "1h", "--fps", "60"});
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_HAS(error.what, "--keyint 1h: at 60 frames a second it is 216000 frames");
  // A file's rate is known once it is open.
  const PipelineConfig file = value_of(config_of({"-s", "file:a.mkv", "--keyint", "1h"}));
  EXPECT_EQ(value_of(keyint_frames(file.encode, {25, 1})), 90'000U);
  EXPECT_HAS(error_of(keyint_frames(file.encode, {50, 1})).what, "--keyint 1h: at 50 frames");
}

TEST(PipelineConfig, names_file_and_line_of_a_file_source_without_a_name) {
  Values values = Values::built_in();
  ASSERT_TRUE(parse_config("\nsource = { kind = \"file\" }\n", "x.toml", "", values));

  const Error error = error_of(make_pipeline_config(values));

  EXPECT_HAS(error.what, "x.toml:2:19 (source.kind = file): no source.id says which file");
}

TEST(PipelineConfig, refuses_half_a_source) {
  EXPECT_HAS(error_in({"--set", "source.kind=file"}).what, "source.id");
  EXPECT_HAS(error_in({"--set", "source.id=stripes"}).what, "no test picture");
  EXPECT_HAS(error_in({"--set", "source=file:a.mkv", "--set", "source.stride=4"}).what,
             "test:bars");
}

TEST(PipelineConfig, starts_relative_paths_from_the_folder_of_their_file) {
  Values values = Values::built_in();
  ASSERT_TRUE(parse_config("source = \"file:in/a.mkv\"\noutput = \"/b.mkv\"\n", "cfg/x.toml", "cfg",
                           values));

  const PipelineConfig config = value_of(make_pipeline_config(values));

  EXPECT_EQ(config.source.path, "cfg/in/a.mkv");
  EXPECT_EQ(config.output.path, "/b.mkv");
}

TEST(PipelineConfig, keeps_percent_signs_of_a_folder_out_of_the_fields_of_the_name) {
  Values values = Values::built_in();
  ASSERT_TRUE(parse_config("source = \"test:bars\"\noutput = \"%Y.mkv\"\n", "100%d/x.toml", "100%d",
                           values));

  EXPECT_EQ(value_of(make_pipeline_config(values)).output.path, "100%%d/%Y.mkv");
}

TEST(PipelineConfig, names_file_and_line_of_a_contradiction) {
  Values values = Values::built_in();
  ASSERT_TRUE(parse_config("[encode]\nrc = \"vbr\"\n", "x.toml", "", values));

  EXPECT_HAS(error_of(make_pipeline_config(values)).what, "x.toml:2:6 (encode.rc = vbr)");
}

}  // namespace
}  // namespace millrace::app
