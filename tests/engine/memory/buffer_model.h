// SPDX-License-Identifier: MIT
// What a Buffer should be, as simple as it can be said: lists of bytes. The property test compares.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace millrace::model {

struct Memory {
  std::shared_ptr<std::string> block;  ///< all of it; children have their root's
  size_t offset = 0;
  size_t size = 0;
  bool read_only = false;
  bool no_share = false;
  bool is_new = false;  ///< made by a copy: where in its block it lies is still to be learned
  std::shared_ptr<Memory> root;
  std::vector<std::weak_ptr<Memory>> children;
  size_t owners = 0;  ///< buffers, as often as they have it
  size_t readers = 0;
  size_t writers = 0;

  [[nodiscard]] size_t living_children() const;
  [[nodiscard]] bool is_writable() const;
  [[nodiscard]] bool takes_owner() const;

  [[nodiscard]] bool may_be_read() const { return writers == 0; }

  [[nodiscard]] bool may_be_written() const {
    return is_writable() && readers == 0 && writers == 0;
  }
};

using MemoryRef = std::shared_ptr<Memory>;

/// Counts as an owner.
struct Slice {
  Slice(MemoryRef of, size_t from, size_t bytes);
  Slice(const Slice& other);
  Slice& operator=(const Slice& other);
  ~Slice();

  MemoryRef memory;
  size_t offset;
  size_t size;
};

[[nodiscard]] Slice all_of(const MemoryRef& memory);

/// Bytes of a block that a window shows of one slice, or of neighbours.
struct Run {
  size_t slice = 0;
  MemoryRef memory{};
  size_t from = 0;
  size_t size = 0;

  [[nodiscard]] std::string text() const { return memory->block->substr(from, size); }
};

struct Buffer {
  std::vector<Slice> slices{};
  size_t offset = 0;
  size_t size = 0;

  [[nodiscard]] size_t maxsize() const;
  [[nodiscard]] std::string text() const;

  /// The part of each slice that bytes [from, from + wanted) of the window lie in, also where that
  /// is none of it; and those parts that are not empty.
  [[nodiscard]] std::vector<Run> parts(size_t from, size_t wanted) const;
  [[nodiscard]] std::vector<Run> runs(size_t from, size_t wanted) const;

  /// The whole window where it lies in one piece; of no memory where it is empty.
  [[nodiscard]] std::optional<Run> one_piece() const;

  void show_all();
  void keep_only_the_window();
  void insert(size_t index, const Slice& slice);
  void remove(size_t first, size_t count);

 private:
  [[nodiscard]] bool shows_bytes(size_t first, size_t end) const;
  [[nodiscard]] Run reach(size_t index) const;
};

}  // namespace millrace::model
