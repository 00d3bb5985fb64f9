// SPDX-License-Identifier: MIT
#include "app/pipeline_config.h"

#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "app/desktop_target.h"
#include "app/setting_reader.h"
#include "app/source_spec.h"
#include "hw/avformat/container.h"

namespace millrace::app {
namespace {

Failure contradiction(std::string what, std::string remedy) {
  return fail(ErrorKind::usage, std::move(what), std::move(remedy));
}

/// A size that the format's subsampling can hold, or the nearest one as a remedy.
Result<> check_parity(const SettingReader& reader, const SourceSettings& source) {
  const PixelFormatFacts& format = facts(source.format);
  const bool fits =
      source.size.width % format.even_width == 0 && source.size.height % format.even_height == 0;
  if (fits) return {};
  const Size even{source.size.width + source.size.width % format.even_width,
                  source.size.height + source.size.height % format.even_height};
  return contradiction(
      fmt::format("{}: {} cannot have a picture of {}: its colour is subsampled",
                  reader.as_given("source.size"), format.name, to_string(source.size)),
      fmt::format("try --size {}, or --format BGRX, which is padded for the encoder",
                  to_string(even)));
}

std::string name_of_desktop(const SettingReader& reader) {
  const std::string kind = reader.text("source.kind");
  const std::string display = reader.text("source.display");
  if (kind == "x11") return "x11:" + display;
  const std::string suffix = display.empty() ? display : ";display=" + display;
  return fmt::format("{}:{}{}", kind, reader.text("source.id"), suffix);
}

std::string name_of_source(const SettingReader& reader, const SourceSettings& source) {
  if (source.kind == SourceKind::desktop) return name_of_desktop(reader);
  if (source.kind == SourceKind::file) return "file:" + source.path;
  if (source.stride) return fmt::format("test:bars;stride={}", *source.stride);
  return "test:bars";
}

Result<> check_file_source(const SettingReader& reader) {
  if (!reader.value("source.id")) {
    return contradiction(reader.as_given("source.kind") + ": no source.id says which file",
                         "write -s file:PATH, or set source.id");
  }
  if (reader.value("source.stride")) {
    return contradiction(reader.as_given("source.stride") + " is only for test:bars",
                         "leave it out");
  }
  if (is_raw_file(reader.file("source.id"))) return {};
  for (const std::string_view path : {"source.size", "source.fps", "source.format"}) {
    if (!reader.is_set_by_user(path)) continue;
    return contradiction(
        reader.as_given(path) + " is for test:bars and raw .nv12 files; this file has its own",
        "leave it out");
  }
  return {};
}

Result<> read_desktop(const SettingReader& reader, SourceSettings& source) {
  const std::string kind = reader.text("source.kind");
  if (kind != "x11" && !reader.value("source.id")) {
    return contradiction(
        reader.as_given("source.kind") + ": no source.id says which",
        fmt::format("write -s {}:…; millrace list sources shows what is here", kind));
  }
  for (const std::string_view path : {"source.stride", "source.format"}) {
    if (!reader.is_set_by_user(path)) continue;
    return contradiction(reader.as_given(path) + " is not for desktops, which have their own",
                         "leave it out");
  }
  const Result<x11::Target> target = desktop_target(kind, reader.text("source.id"));
  if (!target) return fail(target.error().while_doing(reader.as_given("source.kind")));
  source.kind = SourceKind::desktop;
  source.target = *target;
  source.display = reader.text("source.display");
  source.cursor = reader.text("source.cursor") != "no";
  if (const Value* size = reader.value("source.size")) {
    source.scaled_to = MILLRACE_TRY(parse_size(size->text));
  }
  return {};
}

/// Its size, rate and format are settings; others have their own.
bool is_described_by_user(const SourceSettings& source) {
  return source.kind == SourceKind::test_bars || is_raw_file(source.path);
}

Result<SourceSettings> source_settings(const SettingReader& reader) {
  SourceSettings source;
  const std::string kind = reader.text("source.kind");
  if (!is_desktop_kind(kind) && reader.is_set_by_user("source.cursor")) {
    return contradiction(reader.as_given("source.cursor") + " is for desktops", "leave it out");
  }
  if (is_desktop_kind(kind)) {
    MILLRACE_TRY(read_desktop(reader, source));
  } else if (kind == "file") {
    MILLRACE_TRY(check_file_source(reader));
    source.kind = SourceKind::file;
    source.path = reader.file("source.id");
  } else if (const std::string id = reader.text("source.id"); !id.empty() && id != "bars") {
    return contradiction(
        fmt::format("{}: there is no test picture of that name", reader.as_given("source.id")),
        "the test picture is test:bars");
  }
  if (const Value* size = reader.value("source.size")) {
    source.size = MILLRACE_TRY(parse_size(size->text));
  }
  if (const Value* rate = reader.value("source.fps")) {
    source.frame_rate = MILLRACE_TRY(parse_rate(rate->text));
  }
  if (const auto format = pixel_format_named(reader.text("source.format"))) source.format = *format;
  source.realtime = reader.text("source.realtime") == "true";
  source.stride = MILLRACE_TRY(reader.count("source.stride"));
  source.name = name_of_source(reader, source);
  if (is_described_by_user(source)) MILLRACE_TRY(check_parity(reader, source));
  return source;
}

RateControl rate_control_named(std::string_view name) {
  if (name == "cqp") return RateControl::cqp;
  if (name == "vbr") return RateControl::vbr;
  return name == "cbr" ? RateControl::cbr : RateControl::automatic;
}

Result<> check_rate_control(const SettingReader& reader, const EncodeSettings& encode) {
  const RateControl mode = encode.rate_control;
  const bool by_rate = mode == RateControl::vbr || mode == RateControl::cbr;
  if (encode.qp && (by_rate || encode.bitrate)) {
    return contradiction(
        fmt::format("{} is for cqp, which {} rules out", reader.as_given("encode.qp"),
                    reader.as_given(by_rate ? "encode.rc" : "encode.bitrate")),
        by_rate ? "leave out --qp, or choose --rc cqp" : "leave out --qp, or the bit rate");
  }
  if (by_rate && !encode.bitrate) {
    return contradiction(reader.as_given("encode.rc") + " needs a bit rate",
                         "add --bitrate 8M, or choose --rc cqp");
  }
  if (mode == RateControl::cqp && encode.bitrate) {
    return contradiction(fmt::format("{} and {} exclude each other", reader.as_given("encode.rc"),
                                     reader.as_given("encode.bitrate")),
                         "leave one out");
  }
  if (encode.max_bitrate && mode == RateControl::cbr) {
    return contradiction(
        fmt::format("{} is for vbr, which {} rules out", reader.as_given("encode.max_bitrate"),
                    reader.as_given("encode.rc")),
        "leave out --max-bitrate, or choose --rc vbr");
  }
  if (encode.max_bitrate && !encode.bitrate) {
    return contradiction(reader.as_given("encode.max_bitrate") + " is for vbr with a bit rate",
                         "add --rc vbr --bitrate 4M, or leave it out");
  }
  if (encode.max_bitrate && *encode.max_bitrate < *encode.bitrate) {
    return contradiction(fmt::format("{} is below {}", reader.as_given("encode.max_bitrate"),
                                     reader.as_given("encode.bitrate")),
                         "raise --max-bitrate, or leave it out");
  }
  return {};
}

Result<EncodeSettings> encode_settings(const SettingReader& reader) {
  EncodeSettings encode;
  encode.device = reader.text("encode.device");
  encode.rate_control = rate_control_named(reader.text("encode.rc"));
  if (const auto qp = MILLRACE_TRY(reader.count("encode.qp"))) {
    encode.qp = static_cast<uint8_t>(*qp);
  }
  encode.bitrate = MILLRACE_TRY(reader.bitrate("encode.bitrate"));
  encode.max_bitrate = MILLRACE_TRY(reader.bitrate("encode.max_bitrate"));
  encode.keyint = MILLRACE_TRY(parse_keyint(reader.text("encode.keyint")));
  encode.keyint_origin = reader.as_given("encode.keyint");
  if (const auto preset = MILLRACE_TRY(reader.count("encode.preset"))) {
    encode.preset = static_cast<uint8_t>(*preset);
  }
  const std::string matrix = reader.text("encode.matrix");
  if (matrix == "bt709") encode.matrix = ColourMatrix::bt709;
  if (matrix == "bt601") encode.matrix = ColourMatrix::bt601;
  const std::string range = reader.text("encode.range");
  if (range == "limited") encode.range = ColourRange::limited;
  if (range == "full") encode.range = ColourRange::full;
  const std::string memory = reader.text("memory.path");
  if (memory == "dmabuf") encode.memory = MemoryChoice::dmabuf;
  if (memory == "cpu") encode.memory = MemoryChoice::cpu;
  MILLRACE_TRY(check_rate_control(reader, encode));
  return encode;
}

Result<> check_stdout(const SettingReader& reader) {
  if (reader.text("output.container") == "mp4") {
    return contradiction(
        reader.as_given("output.container") +
            ": plain MP4 is finished at its beginning, which stdout cannot go back to",
        "choose --container fmp4 or mkv");
  }
  if (!reader.value("output.on_saved")) return {};
  return contradiction(reader.as_given("output.on_saved") + ": stdout leaves no file behind",
                       "leave it out, or name a file with -o");
}

Result<OutputSettings> output_settings(const SettingReader& reader) {
  constexpr std::array<std::string_view, 5> containers = {"auto", "mkv", "mp4", "fmp4", "h264"};
  constexpr std::array<std::string_view, 3> answers = {"never", "ask", "always"};
  OutputSettings output;
  output.path = reader.text("output.path");
  if (is_stdout(output.path)) {
    MILLRACE_TRY(check_stdout(reader));
    output.path = avformat::stdout_path;
  } else {
    output.path = reader.file_pattern("output.path");
  }
  output.min_free = MILLRACE_TRY(parse_bytes(reader.text("output.min_free")));
  output.on_saved = reader.text("output.on_saved");
  const std::string container = reader.text("output.container");
  for (size_t i = 0; i < containers.size(); ++i) {
    if (containers[i] == container) output.container = static_cast<ContainerChoice>(i);
  }
  const std::string overwrite = reader.text("output.overwrite");
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i] == overwrite) output.overwrite = static_cast<Overwrite>(i);
  }
  return output;
}

}  // namespace

bool is_raw_file(std::string_view path) {
  return path.ends_with(".nv12") || path.ends_with(".NV12");
}

bool is_stdout(std::string_view path) {
  return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1";
}

void settle_defaults(Values& values) {
  const Value* kind = values.find("source.kind");
  const Value* id = values.find("source.id");
  const auto take_back = [&values](std::initializer_list<std::string_view> paths) {
    for (const std::string_view path : paths) {
      const Value* value = values.find(path);
      if (value && value->origin == "built-in") values.clear(path);
    }
  };
  const bool desktop = kind && is_desktop_kind(kind->text);
  const bool media = kind && kind->text == "file" && id && !is_raw_file(id->text);
  if (desktop) take_back({"source.size", "source.format"});
  if (kind && !desktop && kind->text != "auto") take_back({"source.cursor"});
  if (media) take_back({"source.size", "source.fps", "source.format"});
}

Result<uint32_t> keyint_frames(const EncodeSettings& encode, Fraction rate) {
  Result<uint32_t> frames = frames_of(encode.keyint, rate);
  if (!frames) return fail(frames.error().while_doing(encode.keyint_origin));
  return frames;
}

Result<PipelineConfig> make_pipeline_config(const Values& values) {
  const SettingReader reader(values);
  PipelineConfig config;
  config.source = MILLRACE_TRY(source_settings(reader));
  config.encode = MILLRACE_TRY(encode_settings(reader));
  if (is_described_by_user(config.source) || config.source.kind == SourceKind::desktop) {
    MILLRACE_TRY(keyint_frames(config.encode, config.source.frame_rate));
  }
  config.output = MILLRACE_TRY(output_settings(reader));
  config.expect.zero_copy = reader.text("expect.require") == "zero-copy";
  config.expect.max_copies = MILLRACE_TRY(reader.count("expect.max_copies"));
  if (const Value* duration = reader.value("length.duration")) {
    config.duration = MILLRACE_TRY(parse_duration(duration->text));
  }
  config.frames = MILLRACE_TRY(reader.count("length.frames"));
  config.buffers = MILLRACE_TRY(reader.count("memory.buffers"));
  if (config.buffers) config.buffers_origin = reader.as_given("memory.buffers");
  return config;
}

}  // namespace millrace::app
