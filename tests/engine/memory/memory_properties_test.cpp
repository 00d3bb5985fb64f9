// SPDX-License-Identifier: MIT
// Random sequences of operations on memories, against a model of a few lines: what is allowed,
// which bytes are seen, and that everything ends. MILLRACE_LONG=1 tries a hundred times more.
#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/memory.h"
#include "engine/memory/wrapped_memory.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

constexpr size_t block_bytes = 64;

uint32_t sequences() {
  return test::in_long_form() ? 200'000 : 2'000;
}

/// What must be true of a block: its bytes, and who holds what of it.
struct Model {
  std::vector<std::byte> bytes = std::vector<std::byte>(block_bytes);
  size_t readers = 0;
  size_t writers = 0;
  bool joint = false;
  size_t parts = 0;

  [[nodiscard]] bool may_read(bool join) const { return writers == 0 || (join && joint); }

  [[nodiscard]] bool may_write(bool join) const {
    if (parts != 0) return false;
    return (readers == 0 && writers == 0) || (join && joint && writers != 0);
  }

  [[nodiscard]] bool may_share() const { return writers == 0; }
};

/// One memory in a test's hands: the whole, or a part of it, and the range that it must show.
struct Held {
  Ref<Memory> memory;
  size_t offset;
  size_t size;
};

class Sequence {
 public:
  explicit Sequence(uint32_t seed) : random_(seed) {
    held_.push_back(
        {wrap_memory(block_, {.release = [this] { ++released_; }}).take(), 0, block_bytes});
  }

  void run() {
    for (size_t left = 1 + pick(60); left != 0; --left) step();
    readers_.clear();
    writers_.clear();
    held_.clear();
    EXPECT_EQ(released_, 1);
    EXPECT_TRUE(std::ranges::equal(block_, model_.bytes));
  }

 private:
  size_t pick(size_t below) { return random_() % below; }

  /// Mostly small numbers, at times such as wrap.
  size_t number() { return pick(12) == 0 ? SIZE_MAX - pick(100) : pick(block_bytes + 8); }

  void step() {
    switch (pick(8)) {
      case 0:
        return share();
      case 1:
        return resize();
      case 2:
        return open_to_read();
      case 3:
      case 4:
        return open_to_write();
      case 5:
        return close(readers_, model_.readers);
      case 6:
        close(writers_, model_.writers);
        model_.joint &= model_.writers != 0;
        return;
      default:
        return drop_part();
    }
  }

  void share() {
    const size_t which = pick(held_.size());
    const size_t offset = number();
    const size_t size = number();
    const size_t has = held_[which].size;
    const bool inside = offset <= has && size <= has - offset;
    Result<Ref<Memory>> part = held_[which].memory->share(offset, size);
    ASSERT_EQ(part.has_value(), inside && model_.may_share());
    if (!part) return;
    EXPECT_EQ((*part)->parent(), held_[0].memory.get());
    held_.push_back({part.take(), held_[which].offset + offset, size});
    ++model_.parts;
  }

  void resize() {
    Held& held = held_[pick(held_.size())];
    const auto delta = static_cast<ptrdiff_t>(number()) - static_cast<ptrdiff_t>(block_bytes / 2);
    const size_t size = number();
    const auto start = static_cast<ptrdiff_t>(held.offset) + delta;
    const bool inside = start >= 0 && start <= ptrdiff_t{block_bytes} &&
                        size <= block_bytes - static_cast<size_t>(start);
    const bool allowed = &held == &held_[0] && model_.parts == 0;
    ASSERT_EQ(held.memory->resize(delta, size).has_value(), inside && allowed);
    if (inside && allowed) {
      held.offset = static_cast<size_t>(start);
      held.size = size;
    }
    EXPECT_EQ(held.memory->offset(), held.offset);
    EXPECT_EQ(held.memory->size(), held.size);
  }

  void open_to_read() {
    const Held& held = held_[pick(held_.size())];
    const bool join = pick(2) == 0;
    const bool is_part = held.memory->parent() != nullptr;
    Result<ReadView> view = held.memory->read({.joint = join, .deadline = {}});
    // A part exists, so nobody writes; each memory counts its own readers.
    ASSERT_EQ(view.has_value(), is_part || model_.may_read(join));
    if (!view) return;
    EXPECT_TRUE(
        std::ranges::equal(view->bytes(), std::span(model_.bytes).subspan(held.offset, held.size)));
    if (is_part) return;
    readers_.push_back(std::make_unique<ReadView>(view.take()));
    ++model_.readers;
  }

  void open_to_write() {
    const Held& held = held_[pick(held_.size())];
    const bool join = pick(2) == 0;
    const bool is_part = held.memory->parent() != nullptr;
    Result<WriteView> view = held.memory->write({.joint = join, .deadline = {}});
    ASSERT_EQ(view.has_value(), !is_part && model_.may_write(join));
    if (!view) return;
    const auto value = static_cast<std::byte>(random_());
    std::ranges::fill(view->bytes(), value);
    std::ranges::fill(std::span(model_.bytes).subspan(held.offset, held.size), value);
    writers_.push_back(std::make_unique<WriteView>(view.take()));
    ++model_.writers;
    model_.joint = join;
  }

  template <class View>
  void close(std::vector<std::unique_ptr<View>>& views, size_t& count) {
    if (views.empty()) return;
    views.erase(views.begin() + static_cast<ptrdiff_t>(pick(views.size())));
    --count;
  }

  void drop_part() {
    if (held_.size() == 1) return;
    held_.erase(held_.begin() + 1 + static_cast<ptrdiff_t>(pick(held_.size() - 1)));
    --model_.parts;
  }

  std::mt19937 random_;
  std::vector<std::byte> block_ = std::vector<std::byte>(block_bytes);
  int released_ = 0;
  Model model_;
  std::vector<Held> held_;  ///< the whole first
  std::vector<std::unique_ptr<ReadView>> readers_;
  std::vector<std::unique_ptr<WriteView>> writers_;
};

TEST(MemoryProperties, hold_over_random_sequences_of_operations) {
  for (uint32_t seed = 0; seed < sequences(); ++seed) {
    SCOPED_TRACE(seed);
    Sequence(seed).run();
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

}  // namespace
}  // namespace millrace
