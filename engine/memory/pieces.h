// SPDX-License-Identifier: MIT
// Pieces: the bytes of a Buffer's window where they lie, one run of bytes after the other, for
// scatter and gather without moving anything:
//
//   for (const Piece& piece : Pieces(buffer)) {
//     const ReadView view = MILLRACE_TRY(piece.read());
//     …
//   }
//
// Borrows the buffer, whose memories and window must stay as they are meanwhile. Waits for no
// fence: Buffer::wait_until_ready does.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/base/export.h"
#include "engine/memory/buffer.h"

namespace millrace {

/// Bytes [from, from + size) of the block of memory `index` of the buffer.
struct Piece {
  const Memory* memory = nullptr;
  size_t index = 0;
  size_t from = 0;
  size_t size = 0;

  [[nodiscard]] Result<ReadView> read(const Access& how = at_once) const {
    return ReadView::open(*memory, from, size, how);
  }

  /// The block that the bytes lie in, for asking whether two pieces are neighbours.
  [[nodiscard]] const Memory& block() const {
    return memory->parent() ? *memory->parent() : *memory;
  }
};

class MILLRACE_API Pieces {
 public:
  class MILLRACE_API Iterator {
   public:
    const Piece& operator*() const { return piece_; }

    Iterator& operator++() {
      find_next();
      return *this;
    }

    friend bool operator==(const Iterator& a, const Iterator& b) { return a.left_ == b.left_; }

   private:
    friend class Pieces;

    Iterator(const Buffer* buffer, size_t skip, size_t size)
        : buffer_(buffer), skip_(skip), unseen_(size) {
      if (size != 0) find_next();
    }

    void find_next();

    const Buffer* buffer_;
    size_t next_ = 0;  ///< number of the memory to look at next
    size_t skip_;      ///< bytes before the first one wanted
    size_t unseen_;    ///< bytes after this piece
    size_t left_ = 0;  ///< bytes of this piece and those after it: 0 at the end
    Piece piece_;
  };

  /// The whole window.
  explicit Pieces(const Buffer& buffer) : Pieces(buffer, 0, buffer.size()) {}

  /// Bytes [from, from + size) of the window, which it has.
  Pieces(const Buffer& buffer, size_t from, size_t size)
      : buffer_(&buffer), from_(from), size_(size) {
    MILLRACE_CHECK(from <= buffer.size() && size <= buffer.size() - from);
  }

  [[nodiscard]] Iterator begin() const { return {buffer_, buffer_->offset() + from_, size_}; }

  [[nodiscard]] Iterator end() const { return {buffer_, 0, 0}; }

 private:
  const Buffer* buffer_;
  size_t from_;
  size_t size_;
};

/// Bytes of the block of memory `index` that a window of the buffer can show at all: slack counts
/// at both ends of the buffer, not between its memories.
struct Reach {
  size_t from = 0;
  size_t to = 0;

  [[nodiscard]] size_t size() const { return to - from; }
};

[[nodiscard]] MILLRACE_API Reach reach_of(const MemoryList& memories, size_t index);

/// The part of each memory that the window shows.
[[nodiscard]] std::vector<Reach> seen_of(const Buffer& buffer);

/// Which memories hold bytes [from, from + size) of the window: the first, how many, and how many
/// bytes of the window's part of the first lie before. With SIZE_MAX for the size: all that follow,
/// also empty ones. Nothing outside the window.
struct MemoriesOf {
  size_t first = 0;
  size_t count = 0;
  size_t skip = 0;
  friend bool operator==(const MemoriesOf&, const MemoriesOf&) = default;
};

[[nodiscard]] MILLRACE_API std::optional<MemoriesOf> find_memories(const Buffer& buffer,
                                                                   size_t from, size_t size);

}  // namespace millrace
