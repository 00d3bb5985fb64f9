// SPDX-License-Identifier: MIT
#include "app/nearest.h"

#include <vector>

#include <gtest/gtest.h>

namespace millrace::app {
namespace {

const std::vector<std::string> options = {"--size", "--fps", "--bitrate", "--max-bitrate"};

TEST(Nearest, counts_insertions_deletions_changes_and_swaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("size", ""), 4U);
  EXPECT_EQ(edit_distance("size", "size"), 0U);
  EXPECT_EQ(edit_distance("size", "sise"), 1U);
  EXPECT_EQ(edit_distance("size", "sizes"), 1U);
  EXPECT_EQ(edit_distance("size", "isze"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, finds_the_word_that_was_meant) {
  EXPECT_EQ(nearest("--sise", options), "--size");
  EXPECT_EQ(nearest("--bit-rate", options), "--bitrate");
  EXPECT_EQ(nearest("--maxbitrate", options), "--max-bitrate");
}

TEST(Nearest, has_no_guess_for_a_word_that_is_like_nothing) {
  EXPECT_EQ(nearest("--wobble-factor", options), std::nullopt);
  EXPECT_EQ(nearest("", options), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), options), std::nullopt);
  EXPECT_EQ(did_you_mean("--wobble-factor", options), "");
}

TEST(Nearest, asks_in_words) {
  EXPECT_EQ(did_you_mean("--sise", options), "did you mean --size?");
}

}  // namespace
}  // namespace millrace::app
