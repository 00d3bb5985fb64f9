// SPDX-License-Identifier: MIT
// test:bars into every container at sizes that are awkward for encoders: not a multiple of 16, not
// of 4, larger than HD. A player must see the exact size, rate, colour, and every frame in order.
#include <gtest/gtest.h>

#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

struct Kind {
  std::string name;
  std::string output;
  Words options;
  std::string container;  ///< as ffprobe calls it
};

struct Picturing {
  std::string size;
  uint32_t width;
  uint32_t height;
  uint32_t frames;
};

const Kind kinds[] = {
    {"mkv", "out.mkv", {}, "matroska,webm"},
    {"fragmented_mp4", "out.mp4", {}, "mov,mp4,m4a,3gp,3g2,mj2"},
    {"plain_mp4", "plain.mp4", {"--container", "mp4"}, "mov,mp4,m4a,3gp,3g2,mj2"},
    {"h264", "out.h264", {}, "h264"},
};

const Picturing picturings[] = {{"1920x1080", 1920, 1080, 8},
                                {"1366x768", 1366, 768, 10},
                                {"322x182", 322, 182, 40},
                                {"4096x2160", 4096, 2160, 3}};

using Case = std::tuple<Picturing, Kind>;

class Containers : public testing::TestWithParam<Case> {};

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return "at_" + std::get<0>(info.param).size + "_in_" + std::get<1>(info.param).name;
}

/// The four-letter types of an MP4 file's outermost boxes.
std::string boxes_of(const std::string& path) {
  const std::string bytes = read_bytes(path);
  std::string types;
  for (size_t at = 0; at + 8 <= bytes.size();) {
    size_t size = 0;
    for (size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<uint8_t>(bytes[at + i]);
    types += bytes.substr(at + 4, 4) + " ";
    if (size < 8) break;  // 64-bit sizes and "to the end" do not occur in files this small
    at += size;
  }
  return types;
}

size_t times(const std::string& text, const std::string& word) {
  size_t count = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

TEST_P(Containers, hold_every_frame_at_its_exact_size_rate_and_colour_without_a_copy) {
  const auto& [picturing, kind] = GetParam();
  const TempFolder folder;
  Order order{.options = {"-s", "test:bars", "--size", picturing.size, "--frames",
                          std::to_string(picturing.frames)},
              .output = kind.output};
  order.options.insert(order.options.end(), kind.options.begin(), kind.options.end());

  const Recording recording = record(folder, order);

  expect_complete(recording, picturing.frames);
  expect_no_copy(recording, 0);
  for (const nlohmann::json& edge : recording.at("/edges")) {
    EXPECT_EQ(edge.value("verdict", ""), "shared") << edge;
  }
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.container, kind.container);
  EXPECT_EQ(facts.codec, "h264");
  EXPECT_EQ(facts.width, picturing.width);
  EXPECT_EQ(facts.height, picturing.height);
  EXPECT_EQ(facts.rate, "30/1");
  EXPECT_EQ(facts.range, "tv");
  EXPECT_EQ(facts.matrix, "bt709");
  EXPECT_EQ(facts.primaries, "bt709");
  EXPECT_EQ(facts.transfer, "bt709");
  EXPECT_FALSE(facts.has_b_frames);
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(picturing.frames));
}

INSTANTIATE_TEST_SUITE_P(Bars, Containers,
                         testing::Combine(testing::ValuesIn(picturings), testing::ValuesIn(kinds)),
                         name_of);

TEST(FragmentedMp4, has_a_fragment_every_500_ms) {
  const TempFolder folder;
  const Recording recording = record(
      folder,
      {.options = {"--size", "128x96", "--frames", "60", "--keyint", "15"}, .output = "out.mp4"});
  expect_complete(recording, 60);
  const std::string boxes = boxes_of(recording.path);
  EXPECT_EQ(times(boxes, "moof"), 4U) << boxes;
  EXPECT_LT(boxes.find("moov"), boxes.find("moof")) << boxes;
}

TEST(FragmentedMp4, cut_off_anywhere_still_plays_up_to_there) {
  const TempFolder folder;
  const Recording recording = record(
      folder,
      {.options = {"--size", "128x96", "--frames", "60", "--keyint", "15"}, .output = "out.mp4"});
  expect_complete(recording, 60);
  const std::string bytes = read_bytes(recording.path);
  const std::string cut = folder.write("cut.mp4", bytes.substr(0, bytes.rfind("moof") - 4));
  EXPECT_EQ(counters_of(decode(cut)), consecutive(45));
}

TEST(PlainMp4, has_no_fragments) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--size", "128x96", "--frames", "60", "--container", "mp4"},
                      .output = "out.mp4"});
  expect_complete(recording, 60);
  EXPECT_EQ(times(boxes_of(recording.path), "moof"), 0U);
}

TEST(Container, is_chosen_by_the_option_over_the_file_name) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--size", "128x96", "--frames", "3", "--container", "mkv"},
                      .output = "recording.bin"});
  expect_complete(recording, 3);
  EXPECT_EQ(facts_of(recording.path).container, "matroska,webm");
}

struct RateCase {
  std::string name;
  std::string asked;
  std::string told;
  double period;
};

double value_of(const std::string& ratio) {
  const size_t slash = ratio.find('/');
  return std::stod(ratio.substr(0, slash)) / std::stod(ratio.substr(slash + 1));
}

class Rates : public testing::TestWithParam<RateCase> {};

TEST_P(Rates, are_told_exactly_and_time_stamps_follow_them) {
  const TempFolder folder;
  for (const std::string output : {"out.mkv", "out.mp4", "out.h264"}) {
    const Recording recording = record(
        folder, {.options = {"--size", "128x96", "--fps", GetParam().asked, "--frames", "30"},
                 .output = output});
    expect_complete(recording, 30);
    const std::string told = facts_of(recording.path).rate;
    if (output == "out.mkv") {  // ffprobe works it out from Matroska's nanoseconds a frame
      EXPECT_NEAR(value_of(told), value_of(GetParam().told), 1e-4) << told;
    } else {
      EXPECT_EQ(told, GetParam().told) << output;
    }
    if (output == "out.h264") continue;  // it has no time stamps
    const std::vector<Moment> moments = moments_of(recording.path);
    for (size_t i = 0; i < moments.size(); ++i) {
      EXPECT_NEAR(moments[i].seconds, static_cast<double>(i) * GetParam().period, 0.001) << output;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Frame, Rates,
                         testing::Values(RateCase{"film", "24", "24/1", 1.0 / 24},
                                         RateCase{"pal", "25", "25/1", 1.0 / 25},
                                         RateCase{"ntsc", "59.94", "60000/1001", 1001.0 / 60000},
                                         RateCase{"ratio", "30000/1001", "30000/1001",
                                                  1001.0 / 30000}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace millrace::recording
