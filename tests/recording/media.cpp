// SPDX-License-Identifier: MIT
#include "tests/recording/media.h"

#include <numeric>

#include <gtest/gtest.h>

#include "engine/stages/frame_counter.h"
#include "tests/recording/program.h"

namespace millrace::recording {
namespace {

nlohmann::json probe(const std::string& path, const Words& what) {
  Words arguments = {"-v", "error", "-of", "json"};
  arguments.insert(arguments.end(), what.begin(), what.end());
  arguments.push_back(path);
  const Outcome outcome = run({.program = "ffprobe", .arguments = arguments});
  EXPECT_EQ(outcome.exit_code, 0) << path << ": " << outcome;
  EXPECT_EQ(outcome.err, "") << path;
  nlohmann::json parsed = nlohmann::json::parse(outcome.out, nullptr, false);
  EXPECT_FALSE(parsed.is_discarded()) << path;
  return parsed.is_object() ? parsed : nlohmann::json::object();
}

std::string text(const nlohmann::json& object, const char* key) {
  return object.value(key, "unknown");
}

}  // namespace

MediaFacts facts_of(const std::string& path) {
  const nlohmann::json all =
      probe(path, {"-count_frames", "-show_streams", "-show_format", "-select_streams", "v:0"});
  MediaFacts facts;
  if (!all.contains("streams") || all["streams"].empty()) {
    ADD_FAILURE() << path << " has no video stream";
    return facts;
  }
  const nlohmann::json& stream = all["streams"][0];
  facts.container = text(all["format"], "format_name");
  facts.codec = text(stream, "codec_name");
  facts.profile = text(stream, "profile");
  facts.width = stream.value("width", 0U);
  facts.height = stream.value("height", 0U);
  facts.rate = text(stream, "r_frame_rate");
  facts.range = text(stream, "color_range");
  facts.matrix = text(stream, "color_space");
  facts.primaries = text(stream, "color_primaries");
  facts.transfer = text(stream, "color_transfer");
  facts.frames = std::stoull("0" + stream.value("nb_read_frames", std::string()));
  facts.has_b_frames = stream.value("has_b_frames", 0) != 0;
  return facts;
}

std::vector<Moment> moments_of(const std::string& path) {
  const nlohmann::json all = probe(path, {"-select_streams", "v:0", "-show_entries",
                                          "frame=best_effort_timestamp_time,key_frame"});
  std::vector<Moment> moments;
  for (const nlohmann::json& frame : all.value("frames", nlohmann::json::array())) {
    moments.push_back({std::stod(frame.value("best_effort_timestamp_time", "-1")),
                       frame.value("key_frame", 0) == 1});
  }
  return moments;
}

std::array<int, 3> Picture::yuv_at(uint32_t x, uint32_t y) const {
  const size_t luma = size_t{width} * height;
  const size_t chroma_width = (width + 1) / 2;
  const size_t chroma = chroma_width * ((height + 1) / 2);
  const size_t place = size_t{y / 2} * chroma_width + x / 2;
  return {samples[size_t{y} * width + x], samples[luma + place], samples[luma + chroma + place]};
}

std::optional<uint32_t> Picture::counter() const {
  const BrightnessView view{reinterpret_cast<const std::byte*>(samples.data()), width, width,
                            height};
  const auto reading = read_counter(view);
  if (!reading) return std::nullopt;
  return reading->frame;
}

std::vector<Picture> decode(const std::string& path) {
  const MediaFacts facts = facts_of(path);
  // Asked for the other range, ffmpeg would convert the codes.
  const std::string format = facts.range == "pc" ? "yuvj420p" : "yuv420p";
  const Outcome outcome =
      run({.program = "ffmpeg",
           .arguments = {"-v", "error", "-xerror", "-err_detect", "explode", "-i", path, "-map",
                         "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", format,
                         "-"}});
  EXPECT_EQ(outcome.exit_code, 0) << path << ": " << outcome.err;
  EXPECT_EQ(outcome.err, "") << path;
  const size_t chroma = size_t{(facts.width + 1) / 2} * ((facts.height + 1) / 2);
  const size_t bytes = size_t{facts.width} * facts.height + 2 * chroma;
  std::vector<Picture> pictures;
  if (bytes == 0) return pictures;
  EXPECT_EQ(outcome.out.size() % bytes, 0U) << path << ": the last frame is torn";
  for (size_t at = 0; at + bytes <= outcome.out.size(); at += bytes) {
    const auto* const first = reinterpret_cast<const uint8_t*>(outcome.out.data()) + at;
    pictures.push_back({facts.width, facts.height, {first, first + bytes}});
  }
  return pictures;
}

std::vector<int64_t> counters_of(const std::vector<Picture>& pictures) {
  std::vector<int64_t> numbers;
  for (const Picture& picture : pictures) {
    const auto number = picture.counter();
    numbers.push_back(number ? int64_t{*number} : -1);
  }
  return numbers;
}

std::vector<int64_t> consecutive(size_t count) {
  std::vector<int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

void ffmpeg(const std::vector<std::string>& arguments) {
  Words all = {"-v", "error", "-nostdin", "-y"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const Outcome outcome = run({.program = "ffmpeg", .arguments = all});
  ASSERT_EQ(outcome.exit_code, 0) << outcome;
}

}  // namespace millrace::recording
