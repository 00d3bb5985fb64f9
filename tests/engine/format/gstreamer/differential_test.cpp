// SPDX-License-Identifier: MIT
// The same questions to align() and to libgstreamer-video: where the answers differ, a row of what
// the reference does wrong says how, and our answer is exactly the right one.
#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/format/gstreamer/explanation.h"

namespace millrace::testing {
namespace {

constexpr InterlaceMode modes[] = {InterlaceMode::progressive, InterlaceMode::interleaved,
                                   InterlaceMode::alternate};

struct Size {
  uint32_t width, height;
};

constexpr Size sizes[] = {{1, 1},        {2, 2},       {3, 5},       {16, 16},     {47, 1},
                          {176, 144},    {319, 239},   {320, 240},   {321, 241},   {640, 362},
                          {1366, 768},   {1920, 1080}, {1919, 1081}, {4096, 2304}, {7680, 4320},
                          {12000, 9000}, {1, 4000},    {4000, 1}};

const VideoAlignment& none() {
  static const VideoAlignment alignment;
  return alignment;
}

std::vector<VideoAlignment> alignments() {
  std::vector<VideoAlignment> all = {none(),
                                     {.bottom = 8},
                                     {.top = 2, .bottom = 6},
                                     {.right = 2},
                                     {.left = 3},
                                     {.top = 1, .left = 1},
                                     {.top = 16, .bottom = 16, .left = 16, .right = 16},
                                     {.stride_align = {256, 128, 128, 128}},
                                     {.left = 5, .stride_align = {64}}};
  for (const uint64_t align : {8, 16, 64, 256, 4096}) {
    VideoAlignment alignment;
    alignment.stride_align.fill(align);
    all.push_back(alignment);
    alignment.left = 3;
    all.push_back(alignment);
  }
  return all;
}

/// Every format with every size, mode and alignment of the lists.
std::vector<Question> listed() {
  std::vector<Question> questions;
  for (const PixelFormatFacts& format : all_pixel_formats()) {
    for (const Size& size : sizes) {
      for (const InterlaceMode mode : modes) {
        for (const VideoAlignment& wanted : alignments()) {
          questions.push_back({format.format, size.width, size.height, mode, wanted});
        }
      }
    }
  }
  return questions;
}

/// Any, always the same ones; sizes below what the reference takes: it has 32 bits.
std::vector<Question> drawn(size_t count) {
  std::mt19937 random(20260101);
  const auto below = [&](uint32_t limit) { return static_cast<uint32_t>(random() % limit); };
  std::vector<Question> questions(count);
  for (Question& question : questions) {
    question.format = static_cast<PixelFormat>(below(pixel_format_count));
    question.width = 1 + below(below(8) == 0 ? 12000 : 700);
    question.height = 1 + below(below(8) == 0 ? 9000 : 500);
    question.interlace = modes[below(3)];
    for (uint32_t* const side : {&question.wanted.top, &question.wanted.bottom,
                                 &question.wanted.left, &question.wanted.right}) {
      *side = below(2) == 0 ? 0 : below(40);
    }
    const uint64_t same = uint64_t{1} << below(13);
    for (uint64_t& align : question.wanted.stride_align) {
      align = below(2) == 0 ? same : uint64_t{1} << below(9);
    }
  }
  return questions;
}

struct Tally {
  size_t asked = 0;
  size_t same = 0;
  std::map<std::string, size_t> rows;  ///< differences that each row has a part in
};

void ask(const Question& question, Tally& tally) {
  ++tally.asked;
  const std::optional<Answer> answer = ours(question);
  const std::optional<Explanation> explanation = explain(question);
  ASSERT_TRUE(explanation) << text(question) << ": the reference does not take the plain picture";
  ASSERT_EQ(answer, explanation->right)
      << text(question) << "\nours      " << text(answer) << "\nright     "
      << text(explanation->right) << "\nreference " << text(reference(question));
  if (answer == reference(question)) {
    ++tally.same;
    return;
  }
  ASSERT_FALSE(explanation->rows.empty()) << text(question) << "\nours      " << text(answer)
                                          << "\nreference " << text(reference(question));
  for (const std::string& row : explanation->rows) ++tally.rows[row];
}

void print(const char* name, const Tally& tally) {
  std::printf("%s: %zu asked, %zu the same", name, tally.asked, tally.same);
  for (const auto& [row, count] : tally.rows) std::printf(", %s %zu", row.c_str(), count);
  std::printf("\n");
}

TEST(LayoutsAgainstGstreamer, differ_only_where_the_reference_is_known_to_be_wrong) {
  Tally tally;
  for (const Question& question : listed()) {
    ASSERT_NO_FATAL_FAILURE(ask(question, tally));
  }
  print("listed", tally);
  EXPECT_GE(tally.asked, 20000U);
  EXPECT_GT(tally.same, tally.asked / 4);
  for (const char* const row : {"W13", "W14", "W16", "1.22"}) EXPECT_GT(tally.rows[row], 0U) << row;
}

TEST(LayoutsAgainstGstreamer, differ_only_there_for_drawn_questions) {
  Tally tally;
  for (const Question& question : drawn(20000)) {
    ASSERT_NO_FATAL_FAILURE(ask(question, tally));
  }
  print("drawn", tally);
  EXPECT_GT(tally.same, 0U);
}

/// Without padding or alignment there is next to nothing to be wrong about.
TEST(LayoutsAgainstGstreamer, are_the_same_for_plain_progressive_pictures) {
  Tally tally;
  for (Question question : listed()) {
    question.wanted = none();
    question.interlace = InterlaceMode::progressive;
    if (question.format == PixelFormat::uyvp) continue;
    ASSERT_NO_FATAL_FAILURE(ask(question, tally));
  }
  EXPECT_EQ(tally.same, tally.asked);
}

/// Strides are never longer than the reference's: W13 saves memory.
TEST(LayoutsAgainstGstreamer, never_take_longer_strides) {
  for (const Question& question : listed()) {
    const std::optional<Answer> theirs = reference(question);
    const std::optional<Answer> answer = ours(question);
    if (!theirs || theirs->left != answer->left || question.format == PixelFormat::uyvp) continue;
    for (size_t index = 0; index < max_planes; ++index) {
      ASSERT_LE(answer->plane[index].stride, theirs->plane[index].stride) << text(question);
    }
  }
}

}  // namespace
}  // namespace millrace::testing
