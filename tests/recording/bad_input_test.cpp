// SPDX-License-Identifier: MIT
// Bad input, one row each: the documented exit code, an error that names the act, the object and
// the remedy, no crash, and no file left behind.
#include <regex>

#include <gtest/gtest.h>

#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

struct BadInput {
  std::string name;
  Words arguments;  ///< OUT stands for a file in an empty folder, IN for a folder with files
  int code = 2;
  Words words;  ///< all of them are in the error's line
};

std::ostream& operator<<(std::ostream& stream, const BadInput& bad) {
  return stream << bad.name;
}

/// `record` with one frame and an output, then what is wrong.
Words recording_with(const Words& more) {
  Words all = {"record", "--device", "software", "--frames", "1", "-o", "OUT/out.mkv"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Words running(const std::string& file) {
  return {"run", "IN/" + file, "--device", "software", "--frames", "1", "-o", "OUT/out.mkv"};
}

BadInput value(const std::string& name, const Words& more, const Words& words) {
  return {name, recording_with(more), 2, words};
}

const BadInput options[] = {
    value("unknown_option", {"--sise", "64x64"}, {"--sise", "--size"}),
    value("unknown_option_with_a_value", {"--bitrat=1M"}, {"--bitrat", "--bitrate"}),
    value("unknown_letter", {"-f", "30"}, {"-f"}),
    value("option_of_a_later_version", {"--portal-token", "x"}, {"--portal-token"}),
    value("stray_word", {"clip.mkv"}, {"clip.mkv"}),
    {"unknown_command", {"recrod"}, 2, {"recrod", "record"}},
    {"unknown_listing", {"list", "source"}, 2, {"source", "sources"}},
    {"listing_without_a_name", {"list"}, 2, {"sources", "encoders", "formats"}},
    {"unknown_option_of_list", {"list", "formats", "--jsno"}, 2, {"--jsno", "--json"}},
    {"unknown_form_of_graph", {"graph", "--print", "svg"}, 2, {"--print", "svg", "dot"}},
    value("missing_value", {"--size"}, {"--size"}),
    value("size_0", {"--size", "0x0"}, {"--size", "0x0"}),
    value("width_0", {"--size", "0x64"}, {"--size", "0x64"}),
    value("size_100000", {"--size", "100000x100000"}, {"--size", "100000x100000"}),
    value("height_100000", {"--size", "64x100000"}, {"--size", "64x100000"}),
    value("size_beyond_64_bits", {"--size", "99999999999999999999x2"}, {"--size"}),
    value("size_1x1", {"--size", "1x1"}, {"--size", "1x1", "2x2"}),
    value("odd_size_of_subsampled_format", {"--size", "323x181"}, {"323x181", "324x182"}),
    value("size_without_x", {"--size", "1080"}, {"--size", "1080"}),
    value("size_with_a_sign", {"--size", "-64x64"}, {"--size"}),
    value("size_with_three_sides", {"--size", "64x64x64"}, {"--size"}),
    value("empty_size", {"--size", ""}, {"--size"}),
    value("fps_0", {"--fps", "0"}, {"--fps", "0"}),
    value("fps_negative", {"--fps=-30"}, {"--fps"}),
    value("fps_nan", {"--fps", "nan"}, {"--fps", "nan"}),
    value("fps_infinite", {"--fps", "inf"}, {"--fps", "inf"}),
    value("fps_by_zero", {"--fps", "30/0"}, {"--fps", "30/0"}),
    value("fps_too_high", {"--fps", "1000000"}, {"--fps", "1000000"}),
    value("fps_with_exponent", {"--fps", "1e308"}, {"--fps", "1e308"}),
    value("qp_99", {"--qp", "99"}, {"--qp", "99", "51"}),
    value("qp_0", {"--qp", "0"}, {"--qp", "0"}),
    value("qp_negative", {"--qp=-1"}, {"--qp"}),
    value("qp_word", {"--qp", "good"}, {"--qp", "good"}),
    value("bitrate_0", {"-b", "0"}, {"--bitrate", "0"}),
    value("bitrate_junk_unit", {"-b", "8X"}, {"--bitrate", "8X"}),
    value("bitrate_too_high", {"-b", "99999999G"}, {"--bitrate"}),
    value("max_bitrate_below", {"-b", "2M", "--max-bitrate", "1M"}, {"--max-bitrate", "1M", "2M"}),
    value("vbr_without_bitrate", {"--rc", "vbr"}, {"--rc vbr", "--bitrate"}),
    value("cqp_with_bitrate", {"--rc", "cqp", "-b", "1M"}, {"--rc cqp", "--bitrate"}),
    value("qp_with_bitrate", {"--qp", "20", "-b", "1M"}, {"--qp", "bit rate"}),
    value("unknown_rc", {"--rc", "crf"}, {"--rc", "crf", "cqp"}),
    value("keyint_0", {"--keyint", "0"}, {"--keyint", "0"}),
    value("keyint_junk_unit", {"--keyint", "5parsec"}, {"--keyint", "5parsec"}),
    value("preset_101", {"--preset", "101"}, {"--preset", "101", "100"}),
    value("duration_without_unit", {"--duration", "5"}, {"--duration", "5", "5s"}),
    value("duration_0", {"--duration", "0s"}, {"--duration", "0s"}),
    value("duration_negative", {"--duration=-1s"}, {"--duration"}),
    value("duration_junk_unit", {"--duration", "5parsec"}, {"--duration", "parsec"}),
    value("duration_too_long", {"--duration", "999999999999h"}, {"--duration"}),
    value("frames_0", {"--frames", "0"}, {"--frames", "0"}),
    value("frames_negative", {"--frames=-5"}, {"--frames"}),
    value("frames_beyond_64_bits", {"--frames", "18446744073709551617"}, {"--frames"}),
    value("unknown_format", {"--format", "NV21"}, {"--format", "NV21", "NV12"}),
    value("unknown_matrix", {"--matrix", "bt2020"}, {"--matrix", "bt2020", "bt709"}),
    value("unknown_range", {"--range", "tv"}, {"--range", "tv", "limited"}),
    value("unknown_codec", {"-c", "hevc"}, {"--codec", "hevc", "h264"}),
    value("unknown_container", {"--container", "avi"}, {"--container", "avi", "mkv"}),
    value("unknown_overwrite", {"--overwrite", "yes"}, {"--overwrite", "yes", "always"}),
    value("min_free_negative", {"--min-free=-1MiB"}, {"--min-free", "-1MiB"}),
    value("min_free_in_an_unknown_unit", {"--min-free", "256X"}, {"--min-free", "256X", "256MiB"}),
    value("min_free_beyond_64_bits", {"--min-free", "18446744073709551617"}, {"--min-free"}),
    value("min_free_beyond_64_bits_by_its_unit", {"--min-free", "99999999999TiB"}, {"--min-free"}),
    value("min_free_of_junk", {"--min-free", "plenty"}, {"--min-free", "plenty"}),
    value("on_saved_of_nothing", {"--on-saved", ""}, {"--on-saved"}),
    value("unknown_requirement", {"--require", "speed"}, {"--require", "speed", "zero-copy"}),
    value("max_copies_negative", {"--max-copies=-1"}, {"--max-copies"}),
    value("buffers_too_many", {"--buffers", "100000"}, {"--buffers", "100000"}),
    value("unknown_progress", {"--progress", "bar"}, {"--progress", "bar"}),
    value("unknown_color", {"--color", "yes"}, {"--color", "yes"}),
    value("unknown_log_format", {"--log-format", "xml"}, {"--log-format", "xml"}),
    value("unknown_source_kind", {"-s", "camera:0"}, {"camera:0"}),
    value("unknown_pattern", {"-s", "test:bar"}, {"test:bar", "test:bars"}),
    value("unknown_parameter", {"-s", "test:bars;strid=3"}, {"strid", "stride"}),
    value("stride_0", {"-s", "test:bars;stride=0"}, {"stride", "0"}),
    value("stride_word", {"-s", "test:bars;stride=wide"}, {"stride", "wide"}),
    value("stride_below_the_width", {"-s", "test:bars;stride=100", "--size", "322x182"},
          {"stride", "100", "322"}),
    value("file_without_a_path", {"-s", "file:"}, {"file:"}),
    value("size_of_a_media_file", {"-s", "file:IN/notes.mkv", "--size", "64x64"}, {"--size"}),
    value("set_of_an_unknown_key", {"--set", "encode.qpp=3"}, {"encode.qpp", "encode.qp"}),
    value("set_without_a_value", {"--set", "encode.qp"}, {"encode.qp"}),
    value("set_of_a_bad_value", {"--set", "encode.qp=99"}, {"encode.qp", "99"}),
    value("output_without_a_kind", {"-o", "OUT/out"}, {"OUT/out", ".mkv"}),
    value("output_of_unknown_kind", {"-o", "OUT/out.avi"}, {"out.avi", ".mkv"}),
    value("output_with_an_unknown_field", {"-o", "OUT/out-%Q.mkv"}, {"%Q"}),
    value("empty_output", {"-o", ""}, {"--output"}),
};

const BadInput configs[] = {
    {"unknown_key",
     running("unknown_key.toml"),
     2,
     {"unknown_key.toml:3:1", "encode.qpp", "encode.qp"}},
    {"unknown_table", running("unknown_table.toml"), 2, {"unknown_table.toml:1:", "encoder"}},
    {"bad_syntax", running("bad_syntax.toml"), 2, {"bad_syntax.toml:2:"}},
    {"wrong_type", running("wrong_type.toml"), 2, {"wrong_type.toml:2:6", "encode.qp"}},
    {"bad_value", running("bad_value.toml"), 2, {"bad_value.toml:1:", "0x0"}},
    {"duplicate_key", running("duplicate.toml"), 2, {"duplicate.toml:2:"}},
    {"unknown_schema", running("schema.toml"), 2, {"schema.toml:1:", "schema = 1"}},
    {"bytes_that_are_no_text", running("binary.toml"), 2, {"binary.toml:1:"}},
    {"folder_as_file", running("."), 2, {"folder", "TOML"}},
    {"no_file", {"run"}, 2, {"run", "FILE"}},
    {"absent_file", running("absent.toml"), 3, {"absent.toml"}},
    {"absent_file_by_option", recording_with({"-C", "IN/absent.toml"}), 3, {"absent.toml"}},
};

const BadInput things[] = {
    {"absent_source", recording_with({"-s", "file:IN/absent.mkv"}), 3, {"absent.mkv"}},
    {"folder_as_source", recording_with({"-s", "file:IN"}), 2, {"IN"}},
    {"device_as_source", recording_with({"-s", "file:/dev/zero"}), 2, {"/dev/zero"}},
    {"source_below_a_file", recording_with({"-s", "file:IN/notes.mkv/x.mkv"}), 3, {"notes.mkv"}},
    {"text_as_source", recording_with({"-s", "file:IN/notes.mkv"}), 6, {"notes.mkv"}},
    {"empty_source", recording_with({"-s", "file:IN/empty.mkv"}), 6, {"empty.mkv"}},
    {"source_without_a_frame", recording_with({"-s", "file:IN/header.y4m"}), 6, {"header.y4m"}},
    {"size_below_what_the_driver_encodes", recording_with({"--size", "2x2"}), 3, {"2x2", "16"}},
    {"absent_device", recording_with({"--device", "/dev/dri/renderD999"}), 3, {"renderD999"}},
    {"file_as_device", recording_with({"--device", "IN/notes.mkv"}), 3, {"notes.mkv"}},
    {"output_in_an_absent_folder",
     recording_with({"-o", "OUT/absent/out.mkv"}),
     7,
     {"absent/out.mkv"}},
    {"output_below_a_file", recording_with({"-o", "IN/notes.mkv/out.mkv"}), 7, {"notes.mkv"}},
    {"output_is_a_folder", recording_with({"-o", "IN/folder.mkv"}), 7, {"folder.mkv"}},
    {"output_exists", recording_with({"-o", "IN/notes.mkv"}), 2, {"notes.mkv", "--overwrite"}},
    {"output_exists_and_nobody_to_ask",
     recording_with({"-o", "IN/notes.mkv", "--overwrite", "ask"}),
     2,
     {"notes.mkv", "--overwrite"}},
    {"output_is_the_input",
     recording_with({"-s", "file:IN/notes.mkv", "-o", "IN/notes.mkv", "--overwrite", "always"}),
     2,
     {"notes.mkv"}},
    {"name_too_long", recording_with({"-o", "OUT/" + std::string(300, 'x') + ".mkv"}), 7, {"xxx"}},
};

void fill(const TempFolder& in) {
  in.write("unknown_key.toml", "schema = 1\n[encode]\nqpp = 3\n");
  in.write("unknown_table.toml", "[encoder]\nqp = 3\n");
  in.write("bad_syntax.toml", "schema = 1\nsource = = 3\n");
  in.write("wrong_type.toml", "[encode]\nqp = \"three\"\n");
  in.write("bad_value.toml", "source = { kind = \"test\", id = \"bars\", size = \"0x0\" }\n");
  in.write("duplicate.toml", "output = \"a.mkv\"\noutput = \"b.mkv\"\n");
  in.write("schema.toml", "schema = 2\n");
  in.write("binary.toml", std::string("\x00\xff\xfe\x01", 4));
  in.write("notes.mkv", "notes, and no video\n");
  in.write("empty.mkv", "");
  in.write("header.y4m", "YUV4MPEG2 W64 H64 F30:1\n");
  std::filesystem::create_directory(in.path() / "folder.mkv");
}

std::string placed(std::string text, const std::string& word, const std::string& path) {
  const size_t at = text.find(word);
  return at == std::string::npos ? text : text.replace(at, word.size(), path);
}

/// The line of the error; empty where there is not exactly one.
std::string error_line(const std::string& text) {
  const std::regex form("(^|\n)(error\\[E[0-9]{4}\\]: [^\n]+)");
  const std::sregex_iterator first(text.begin(), text.end(), form);
  const bool one = first != std::sregex_iterator() && std::next(first) == std::sregex_iterator();
  return one ? (*first)[2].str() : std::string();
}

class Refusal : public testing::TestWithParam<BadInput> {};

TEST_P(Refusal, has_its_exit_code_a_remedy_and_leaves_nothing_behind) {
  const BadInput& bad = GetParam();
  const TempFolder in;
  const TempFolder out;
  fill(in);
  const Words before = in.names();
  Words arguments = bad.arguments;
  for (std::string& word : arguments) {
    word = placed(placed(word, "IN", in.path().string()), "OUT", out.path().string());
  }

  const Outcome outcome = run({.arguments = arguments});

  expect_exit(outcome, bad.code);
  EXPECT_EQ(outcome.out, "") << "results only on stdout";
  const std::string line = error_line(outcome.err);
  EXPECT_TRUE(line.starts_with("error[E000" + std::to_string(bad.code) + "]")) << outcome;
  for (std::string word : bad.words) {
    word = placed(placed(word, "IN", in.path().string()), "OUT", out.path().string());
    EXPECT_NE(line.find(word), std::string::npos) << "no " << word << " in: " << line;
  }
  EXPECT_TRUE(std::regex_search(line, std::regex("[.?!] (millrace |[A-Z0-9]).*[.?!]$")))
      << "no remedy: " << line;
  EXPECT_EQ(out.names(), Words{}) << "a file is left behind";
  EXPECT_EQ(in.names(), before);
  EXPECT_EQ(read_bytes(in.file("notes.mkv")), "notes, and no video\n");
}

std::string name_of(const testing::TestParamInfo<BadInput>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(OfOptions, Refusal, testing::ValuesIn(options), name_of);
INSTANTIATE_TEST_SUITE_P(OfConfigurations, Refusal, testing::ValuesIn(configs), name_of);
INSTANTIATE_TEST_SUITE_P(OfThings, Refusal, testing::ValuesIn(things), name_of);

}  // namespace
}  // namespace millrace::recording
