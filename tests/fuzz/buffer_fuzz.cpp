// SPDX-License-Identifier: MIT
// Any offsets and sizes, up to 2^64 - 1, for all that takes them of a Buffer: within the memories
// or refused, and what is refused changes nothing.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/memory/buffer_bytes.h"
#include "engine/memory/buffer_copy.h"
#include "engine/memory/pieces.h"
#include "engine/memory/system_allocator.h"

using namespace millrace;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

/// Reads the input as numbers, most of them near a limit.
class Numbers {
 public:
  explicit Numbers(std::span<const uint8_t> input) : input_(input) {}

  [[nodiscard]] bool empty() const { return input_.empty(); }

  uint8_t byte() {
    if (input_.empty()) return 0;
    const uint8_t first = input_.front();
    input_ = input_.subspan(1);
    return first;
  }

  size_t number(size_t near) {
    const uint8_t kind = byte();
    const size_t distance = byte();
    switch (kind % 6) {
      case 0:
        return distance;
      case 1:
        return SIZE_MAX - distance;
      case 2:
        return near + distance;
      case 3:
        return near - distance;
      case 4:
        return (size_t{1} << 63) + distance - 128;
      default:
        return distance << (kind % 64);
    }
  }

 private:
  std::span<const uint8_t> input_;
};

struct State {
  size_t offset;
  size_t size;
  size_t maxsize;
  size_t memories;
  bool operator==(const State&) const = default;
};

State state_of(const Buffer& buffer) {
  return {buffer.offset(), buffer.size(), buffer.maxsize(), buffer.memory_count()};
}

class Fuzzed {
 public:
  void step(Numbers& numbers) {
    const State before = state_of(*buffer_);
    const uint8_t act = numbers.byte();
    const size_t a = numbers.number(buffer_->size());
    const size_t b = numbers.number(buffer_->maxsize());
    if (!done(act, a, b)) require(state_of(*buffer_) == before);
    check();
  }

 private:
  /// False where it was refused.
  bool done(uint8_t act, size_t a, size_t b) {
    std::array<std::byte, 64> bytes{};
    const auto some = std::span(bytes).first(std::min(b, bytes.size()));
    switch (act % 12) {
      case 0:
        return buffer_->memory_count() > 40 || add(a % 100, b % 8);
      case 1:
        return said(buffer_->resize(static_cast<ptrdiff_t>(a), b));
      case 2:
        return said(buffer_->read(a, b));
      case 3:
        return said(buffer_->write(a, b));
      case 4:
        return replaced_by(view_of(*buffer_, a, b));
      case 5:
        return said(fill_bytes(*buffer_, a, some, account_));
      case 6:
        return said(extract_bytes(*buffer_, a, some, account_));
      case 7:
        return said(set_bytes(*buffer_, a, b, std::byte{1}));
      case 8:
        return said(compare_bytes(*buffer_, a, some));
      case 9:
        return replaced_by(copy_buffer(
            *buffer_, {.bytes = CopyParams::Bytes::deep, .offset = a, .size = b, .into = &into_}));
      case 10:
        return found(a, b);
      default:
        return said(linearize(*buffer_, into_));
    }
  }

  bool add(size_t size, size_t slack) {
    const AllocationParams params{.align = 1, .prefix = slack, .padding = slack};
    return said(buffer_->append(allocator_.allocate(size, params).take()));
  }

  template <class T>
  static bool said(const Result<T>& result) {
    require(result.has_value() || !result.error().what.empty());
    return result.has_value();
  }

  bool replaced_by(Result<Ref<Buffer>> copy) {
    if (!said(copy)) return false;
    buffer_ = copy.take();
    return true;
  }

  [[nodiscard]] bool found(size_t from, size_t size) const {
    const auto memories = find_memories(*buffer_, from, size);
    const bool inside =
        from < buffer_->size() && (size == SIZE_MAX || size <= buffer_->size() - from);
    require(memories.has_value() == inside);
    return !inside || memories->first + memories->count <= buffer_->memory_count();
  }

  void check() const {
    require(buffer_->offset() <= buffer_->maxsize());
    require(buffer_->size() <= buffer_->maxsize() - buffer_->offset());
    size_t sum = 0;
    for (const Piece& piece : Pieces(*buffer_)) {
      require(piece.from <= piece.memory->maxsize());
      require(piece.size <= piece.memory->maxsize() - piece.from);
      sum += piece.size;
    }
    require(sum == buffer_->size());
  }

  SystemAllocator allocator_;
  observe::Ledger ledger_;
  observe::Ledger::Account& account_ =
      ledger_.open(observe::MoveKind::copy, "a -> b", "fuzz", "cpu");
  const CopyInto into_{allocator_, account_};
  Ref<Buffer> buffer_ = Buffer::create();
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Numbers numbers(std::span(data, size));
  Fuzzed fuzzed;
  while (!numbers.empty()) fuzzed.step(numbers);
  return 0;
}
