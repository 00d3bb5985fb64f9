// SPDX-License-Identifier: MIT
// Every pixel format of test:bars: one TRANSFORM where the encoder cannot take it, never a copy;
// and colours that mean what the file's tags say.
#include <gtest/gtest.h>

#include "engine/stages/smpte_bars.h"
#include "tests/recording/colours.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

class Formats : public testing::TestWithParam<std::string> {};

TEST_P(Formats, are_converted_once_and_copied_never) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--format", GetParam(), "--size", "640x360", "--frames", "8"}});
  expect_complete(recording, 8);
  expect_no_copy(recording, 1);
  EXPECT_EQ(recording.edge_from("source").value("verdict", ""), "transform");
  EXPECT_EQ(recording.edge_from("convert").value("verdict", ""), "shared");
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(8));
}

INSTANTIATE_TEST_SUITE_P(Of, Formats, testing::Values("BGRX", "RGBA", "I420", "YUYV", "P010"),
                         [](const auto& one) { return one.param; });

TEST(OddSizes, of_rgb_are_padded_to_even_ones_and_say_so) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--format", "BGRX", "--size", "323x181", "--frames", "4"}});
  expect_complete(recording, 4);
  expect_no_copy(recording, 1);
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.width, 324U);
  EXPECT_EQ(facts.height, 182U);
  EXPECT_NE(recording.at("/remarks").dump().find("324x182"), std::string::npos)
      << recording.at("/remarks");
}

TEST(SmallSizes, record_without_a_counter_and_say_so) {
  const TempFolder folder;
  const Recording recording = record(folder, {.options = {"--size", "48x32", "--frames", "4"}});
  expect_complete(recording, 4);
  EXPECT_NE(recording.at("/remarks").dump().find("counter"), std::string::npos)
      << recording.at("/remarks");
}

struct ColourCase {
  std::string matrix, range;
  std::string matrix_tag, range_tag;
  double red, blue;  ///< the matrix's weights
};

class Colours : public testing::TestWithParam<std::tuple<ColourCase, std::string>> {};

TEST_P(Colours, of_patches_agree_with_the_tags) {
  const auto& [colour, format] = GetParam();
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"--format", format, "--size", "448x336", "--frames", "2", "--qp",
                                  "10", "--matrix", colour.matrix, "--range", colour.range}});
  expect_complete(recording, 2);
  const MediaFacts facts = facts_of(recording.path);
  EXPECT_EQ(facts.matrix, colour.matrix_tag);
  EXPECT_EQ(facts.range, colour.range_tag);
  const std::vector<Picture> pictures = decode(recording.path);
  ASSERT_EQ(pictures.size(), 2U);
  const Matrix matrix{colour.red, colour.blue, colour.range == "full"};
  for (const BarsPatch& patch : bars_patches(448, 336)) {
    const uint32_t x = patch.where.x + patch.where.width / 2;
    const uint32_t y = patch.where.y + patch.where.height * 3 / 4;  // below the counter
    expect_colour(pictures[1], x, y, patch.colour, matrix);
  }
}

const ColourCase colour_cases[] = {
    {"bt709", "limited", "bt709", "tv", 0.2126, 0.0722},
    {"bt709", "full", "bt709", "pc", 0.2126, 0.0722},
    {"bt601", "limited", "smpte170m", "tv", 0.299, 0.114},
    {"bt601", "full", "smpte170m", "pc", 0.299, 0.114},
};

INSTANTIATE_TEST_SUITE_P(Of, Colours,
                         testing::Combine(testing::ValuesIn(colour_cases),
                                          testing::Values("BGRX", "RGBA")),
                         [](const auto& one) {
                           const ColourCase& colour = std::get<0>(one.param);
                           return std::get<1>(one.param) + "_" + colour.matrix + "_" + colour.range;
                         });

}  // namespace
}  // namespace millrace::recording
