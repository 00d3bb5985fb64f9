// SPDX-License-Identifier: MIT
#include "engine/memory/pieces.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

std::vector<std::string> texts_of(const Pieces& pieces) {
  std::vector<std::string> texts;
  for (const Piece& piece : pieces) texts.push_back(text_of(piece.read().take()));
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Pieces, are_the_runs_of_bytes_without_the_empty_ones) {
  const Ref<Buffer> buffer = buffer_with({"", "abc", "", "de", ""});
  EXPECT_EQ(texts_of(Pieces(*buffer)), (Texts{"abc", "de"}));
}

TEST(Pieces, follow_the_window_and_the_range) {
  const Ref<Buffer> buffer = buffer_with({"abc", "def", "ghi"});
  ASSERT_TRUE(buffer->resize(1, 7).has_value());
  EXPECT_EQ(texts_of(Pieces(*buffer)), (Texts{"bc", "def", "gh"}));
  EXPECT_EQ(texts_of(Pieces(*buffer, 1, 2)), (Texts{"c", "d"}));
  EXPECT_EQ(texts_of(Pieces(*buffer, 2, 3)), (Texts{"def"}));
}

TEST(Pieces, of_nothing_are_none) {
  EXPECT_EQ(texts_of(Pieces(*Buffer::create())), Texts());
  const Ref<Buffer> buffer = buffer_with({"abc", "def"});
  EXPECT_EQ(texts_of(Pieces(*buffer, 6, 0)), Texts());
  ASSERT_TRUE(buffer->resize(3, 0).has_value());
  EXPECT_EQ(texts_of(Pieces(*buffer)), Texts());
}

TEST(Pieces, say_in_which_block_they_lie) {
  const Ref<Memory> block = memory_with("abcdefgh");
  const Ref<Buffer> buffer = Buffer::create(block->share(2, 3).take()).take();
  const Piece piece = *Pieces(*buffer).begin();
  EXPECT_EQ(&piece.block(), block.get());
  EXPECT_EQ(piece.from, 2U);
  EXPECT_EQ(piece.index, 0U);
}

TEST(PiecesDeathTest, outside_of_the_window_are_a_broken_promise) {
  const Ref<Buffer> buffer = buffer_with("abc");
  EXPECT_DEATH(Pieces(*buffer, 2, 2), "broken promise");
}

/// The reference's four blocks: two of bytes between two empty ones.
Ref<Buffer> four_memories() {
  return buffer_of({0, 10, 15, 0});
}

TEST(FindMemories, case_088_says_where_bytes_lie) {
  const Ref<Buffer> buffer = four_memories();
  EXPECT_EQ(find_memories(*buffer, 5, 6), (MemoriesOf{1, 2, 5}));
  EXPECT_EQ(find_memories(*buffer, 10, 6), (MemoriesOf{2, 1, 0}));
  EXPECT_EQ(find_memories(*buffer, 11, 14), (MemoriesOf{2, 1, 1}));
  EXPECT_EQ(find_memories(*buffer, 0, 25), (MemoriesOf{1, 2, 0}));
}

TEST(FindMemories, case_089_finds_no_bytes_inside_and_nothing_outside) {
  const Ref<Buffer> buffer = four_memories();
  EXPECT_EQ(find_memories(*buffer, 24, 0), (MemoriesOf{2, 1, 14}));
  EXPECT_EQ(find_memories(*buffer, 11, 15), std::nullopt);
  EXPECT_EQ(find_memories(*buffer, 0, 26), std::nullopt);
  EXPECT_EQ(find_memories(*buffer, 25, 0), std::nullopt);
  EXPECT_EQ(find_memories(*buffer, 1, SIZE_MAX), (MemoriesOf{1, 3, 1}));
  EXPECT_EQ(find_memories(*buffer, SIZE_MAX, 1), std::nullopt);
  EXPECT_EQ(find_memories(*buffer, 1, SIZE_MAX - 1), std::nullopt);
}

}  // namespace
}  // namespace millrace
